import type { RowBlock } from '../row-block.ts';
import { boundsOf, type CsvLayout, type Scan } from './scan-cells.ts';

/** Lines of text in bytes as numbers; what is no number is decoded when it is asked for. */
export class CsvBlock implements RowBlock {
  readonly count: number;
  readonly columns: number;
  readonly numbers: Float64Array;
  readonly isNumeric: Uint8Array;
  readonly isAsWritten: Uint8Array;
  readonly largest: Float64Array;
  readonly sizeBytes: number;
  readonly #bytes: Buffer;
  readonly #layout: CsvLayout;
  /** Seldom is a text asked for where all are numbers, and they are scanned again then. */
  #bounds: Int32Array | null;

  constructor(
    bytes: Buffer,
    layout: CsvLayout,
    { rows, numbers, bounds, isAsWritten, isNumeric, largest }: Scan,
  ) {
    this.count = rows;
    this.columns = layout.columns;
    this.numbers = numbers;
    this.isNumeric = isNumeric;
    this.#bytes = bytes;
    this.#layout = layout;
    this.isAsWritten = isAsWritten;
    this.largest = largest;
    this.#bounds = bounds;
    this.sizeBytes = bytes.length + numbers.byteLength + (bounds?.byteLength ?? 0);
  }

  cell(row: number, column: number): string {
    const at = row * this.columns + column;
    if (this.isAsWritten[column] === 1) return String(this.numbers[at]);
    const bounds = (this.#bounds ??= boundsOf(this.#bytes, this.#layout));
    return this.#bytes.toString('utf8', bounds[2 * at], bounds[2 * at + 1]).trim();
  }
}
