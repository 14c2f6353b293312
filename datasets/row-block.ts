/** Rows of a file that follow each other. Rows and columns count from 0, columns in the order in which they were asked for. */
export interface RowBlock {
  count: number;
  columns: number;
  /** What keeping it takes in memory, about. */
  sizeBytes: number;
  /** Undefined where a row has nothing there. */
  cell: (row: number, column: number) => unknown;
  /** Row-major [count, columns]: a cell that plainly is a finite number; NaN where all of it must be looked at to tell. */
  numbers: Float64Array;
  /** By column, 1 where all its cells are such numbers. */
  isNumeric: Uint8Array;
  /** By column, 1 where all its cells are such numbers and each is, as a text, what `String` makes of the number. */
  isAsWritten: Uint8Array;
  /** By column, the largest magnitude of its numbers. */
  largest: Float64Array;
}

/** What a cell takes besides its text: its value, and its number. */
const cellBytes = 24;

/** A block of cells that are there as values. */
export function cellBlock(cells: readonly (readonly unknown[])[], columns: number): RowBlock {
  const numbers = new Float64Array(cells.length * columns);
  const isNumeric = new Uint8Array(columns).fill(1);
  const largest = new Float64Array(columns);
  let sizeBytes = 0;
  for (const [row, values] of cells.entries()) {
    for (let column = 0; column < columns; column++) {
      const value = values[column];
      const isNumber = typeof value === 'number' && Number.isFinite(value);
      numbers[row * columns + column] = isNumber ? value : NaN;
      if (!isNumber) isNumeric[column] = 0;
      else largest[column] = Math.max(largest[column] as number, Math.abs(value));
      sizeBytes += sizeOf(value);
    }
  }
  const cell = (row: number, column: number): unknown => cells[row]?.[column];
  // Cells that are numbers already are written by `String` wherever they are read as texts.
  const isAsWritten = isNumeric;
  return { count: cells.length, columns, sizeBytes, cell, numbers, isNumeric, isAsWritten, largest };
}

function sizeOf(cell: unknown): number {
  if (Array.isArray(cell)) return cell.reduce<number>((sum, one) => sum + sizeOf(one), cellBytes);
  return cellBytes + (typeof cell === 'string' ? cell.length : 0);
}
