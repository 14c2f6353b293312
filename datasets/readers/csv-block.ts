import type { RowBlock } from '../row-block.ts';
import { scanCells, type CsvLayout, type Scan } from './scan-cells.ts';

/** Lines of text in bytes as numbers; what is no number is decoded when it is asked for. */
class CsvBlock implements RowBlock {
  readonly count: number;
  readonly columns: number;
  readonly numbers: Float64Array;
  readonly isNumeric: Uint8Array;
  readonly sizeBytes: number;
  readonly #bytes: Buffer;
  readonly #layout: CsvLayout;
  readonly #asWritten: Uint8Array;
  /** Null where all cells are numbers: seldom is one asked for as a text then. */
  #bounds: Int32Array | null;

  constructor(bytes: Buffer, layout: CsvLayout, { rows, numbers, bounds, asWritten, isNumeric }: Scan) {
    this.count = rows;
    this.columns = layout.columns;
    this.numbers = numbers;
    this.isNumeric = isNumeric;
    this.#bytes = bytes;
    this.#layout = layout;
    this.#asWritten = asWritten;
    this.#bounds = isNumeric.includes(0) ? bounds : null;
    this.sizeBytes = bytes.length + numbers.byteLength + (this.#bounds?.byteLength ?? 0);
  }

  cell(row: number, column: number): string {
    const at = row * this.columns + column;
    if (this.#asWritten[column] === 1) return String(this.numbers[at]);
    const bounds = (this.#bounds ??= scanCells(this.#bytes, this.#layout)?.bounds ?? new Int32Array());
    return this.#bytes.toString('utf8', bounds[2 * at], bounds[2 * at + 1]).trim();
  }
}

/** The rows of whole lines, empty ones passed over; null where they ask for a real parser. */
export function csvBlock(bytes: Uint8Array, layout: CsvLayout): RowBlock | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const scan = scanCells(buffer, layout);
  return scan === null ? null : new CsvBlock(buffer, layout, scan);
}
