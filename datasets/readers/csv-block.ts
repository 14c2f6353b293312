import type { RowBlock } from '../row-block.ts';
import { plainNumber } from './plain-number.ts';

const [newline, carriageReturn, quote, comma] = [0x0a, 0x0d, 0x22, 0x2c];
const [minus, zero, nine] = [0x2d, 0x30, 0x39];

/** Where the cells that are read lie in a line. */
export interface CsvLayout {
  /** Cells a line. */
  cells: number;
  /** By cell of a line, the column it is read as, or -1. */
  columnOf: Int32Array;
  /** How many columns are read. */
  columns: number;
}

const decoder = new TextDecoder();

/** Lines of text in bytes, with the bounds of the cells that are read: numbers are parsed, and texts decoded, when asked for. */
class CsvBlock implements RowBlock {
  readonly count: number;
  readonly #bytes: Uint8Array;
  readonly #columns: number;
  /** Start and end of each cell, row by row. */
  readonly #bounds: Int32Array;
  readonly #numbers: Float64Array[] = [];

  constructor(bytes: Uint8Array, bounds: Int32Array, { rows, columns }: { rows: number; columns: number }) {
    this.count = rows;
    this.#bytes = bytes;
    this.#bounds = bounds;
    this.#columns = columns;
  }

  get sizeBytes(): number {
    // A number a cell beside its bounds.
    return this.#bytes.length + 16 * (this.#bounds.length / 2);
  }

  cell(row: number, column: number): string {
    const at = 2 * (row * this.#columns + column);
    return decoder.decode(this.#bytes.subarray(this.#bounds[at], this.#bounds[at + 1])).trim();
  }

  number(row: number, column: number): number {
    return (this.#numbers[column] ??= this.#parse(column))[row] as number;
  }

  mayBeMissing(row: number, column: number): boolean {
    const at = 2 * (row * this.#columns + column);
    const start = this.#bounds[at] as number;
    const first = this.#bytes[start] as number;
    const isNumber = (first >= zero && first <= nine) || first === minus;
    return start === this.#bounds[at + 1] || !isNumber;
  }

  #parse(column: number): Float64Array {
    const numbers = new Float64Array(this.count);
    for (let row = 0; row < this.count; row++) {
      const at = 2 * (row * this.#columns + column);
      numbers[row] = plainNumber(this.#bytes, this.#bounds[at] as number, this.#bounds[at + 1] as number);
    }
    return numbers;
  }
}

/**
 * The rows of whole lines, empty ones passed over; null where a quote, a lone carriage return or a line of another number of
 * cells asks for a real parser.
 */
export function indexCells(bytes: Uint8Array, { cells, columnOf, columns }: CsvLayout): RowBlock | null {
  const bounds = new Int32Array(2 * columns * countLines(bytes));
  const { length } = bytes;
  let [row, cell, start] = [0, 0, 0];
  for (let at = 0; at <= length; at++) {
    const byte = at === length ? newline : (bytes[at] as number);
    if (byte > comma) continue;
    if (byte === quote || (byte === carriageReturn && bytes[at + 1] !== newline)) return null;
    if (byte !== comma && byte !== newline) continue;
    const end = byte === newline && at > start && bytes[at - 1] === carriageReturn ? at - 1 : at;
    const isLast = byte === newline;
    const isEmptyLine = isLast && cell === 0 && end === start;
    if (isLast && !isEmptyLine && cell + 1 !== cells) return null;
    const column = cell < cells ? (columnOf[cell] as number) : -1;
    if (column !== -1 && !isEmptyLine) {
      const place = 2 * (row * columns + column);
      bounds[place] = start;
      bounds[place + 1] = end;
    }
    if (isLast && !isEmptyLine) row++;
    cell = isLast ? 0 : cell + 1;
    start = at + 1;
  }
  return new CsvBlock(bytes, bounds.slice(0, 2 * columns * row), { rows: row, columns });
}

function countLines(bytes: Uint8Array): number {
  let lines = 1;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) lines++;
  return lines;
}
