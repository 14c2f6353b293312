/** Rows of a file that follow each other. Rows and columns count from 0, columns in the order in which they were asked for. */
export interface RowBlock {
  count: number;
  /** What keeping it takes in memory, about. */
  sizeBytes: number;
  /** Undefined where a row has nothing there. */
  cell: (row: number, column: number) => unknown;
  /** The cell where it plainly is a finite number; NaN where all of it must be looked at to tell. */
  number: (row: number, column: number) => number;
  /** False where the cell plainly holds something. */
  mayBeMissing: (row: number, column: number) => boolean;
}

/** What a cell takes besides its text. */
const cellBytes = 16;

/** A block of cells that are there as values. */
export function cellBlock(cells: readonly (readonly unknown[])[]): RowBlock {
  const cell = (row: number, column: number): unknown => cells[row]?.[column];
  return {
    count: cells.length,
    sizeBytes: cells.reduce(
      (total, row) => total + row.reduce<number>((sum, one) => sum + sizeOf(one), 0),
      0,
    ),
    cell,
    number: (row, column) => {
      const value = cell(row, column);
      return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
    },
    mayBeMissing: (row, column) => {
      const value = cell(row, column);
      return typeof value !== 'number' || Number.isNaN(value);
    },
  };
}

function sizeOf(cell: unknown): number {
  if (Array.isArray(cell)) return cell.reduce<number>((sum, one) => sum + sizeOf(one), cellBytes);
  return cellBytes + (typeof cell === 'string' ? cell.length : 0);
}
