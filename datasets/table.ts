import { AssayError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';

/** A row as its file has it; `number` counts from 1. */
export interface Row {
  number: number;
  cells: Readonly<Record<string, unknown>>;
}

/** The rows of a file, and the file's name for error messages. */
export interface Table {
  where: string;
  rows: readonly Row[];
}

/** One cell in its place. */
export interface Cell {
  where: string;
  row: number;
  column: string;
  value: unknown;
}

const missingTexts = new Set(['', '?', 'NA', 'N/A', 'NaN', 'nan', 'null']);

/** Numbers rows from 1. */
export function tableOf(where: string, cells: readonly Readonly<Record<string, unknown>>[]): Table {
  if (cells.length === 0) throw new AssayError('dataset-invalid', `${where} has no rows.`);
  return { where, rows: cells.map((one, index) => ({ number: index + 1, cells: one })) };
}

/** Whether a cell holds nothing: absent, null, NaN, or one of the usual texts for it. */
export function isMissing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'string' ? missingTexts.has(value.trim()) : Number.isNaN(value);
}

/** Throws where no row has one of the columns; the message names the nearest column there is. */
export function requireColumns(table: Table, columns: readonly string[]): void {
  const known = new Set<string>();
  for (const { cells } of table.rows) for (const column of Object.keys(cells)) known.add(column);
  const absent = columns.find((column) => !known.has(column));
  if (absent === undefined) return;
  throw new AssayError(
    'dataset-invalid',
    `${table.where} has no column "${absent}". ${suggest(absent, [...known])}`,
  );
}

/** The cell of a row. */
export function cellOf(table: Table, row: Row, column: string): Cell {
  return { where: table.where, row: row.number, column, value: valueOf(row, column) };
}

/** What a cell holds; undefined where the row has none. */
export function valueOf(row: Row, column: string): unknown {
  return Object.hasOwn(row.cells, column) ? row.cells[column] : undefined;
}

/** The error for a cell that is not what its column should hold. */
export function badCell(cell: Cell, expected: string): AssayError {
  const found = cell.value === undefined ? 'nothing' : JSON.stringify(cell.value);
  return new AssayError(
    'dataset-invalid',
    `${cell.where}, row ${cell.row}, column "${cell.column}": expected ${expected}, found ${found}.`,
  );
}

/** A finite number, given as one or as its text. */
export function numberIn(cell: Cell): number {
  const { value } = cell;
  const parsed = typeof value === 'string' ? Number(value) : value;
  if (isMissing(value) || typeof parsed !== 'number' || !Number.isFinite(parsed))
    throw badCell(cell, 'a number');
  return parsed;
}

/** The text of a cell; numbers and booleans as JSON writes them. */
export function textIn(cell: Cell): string {
  const { value } = cell;
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw badCell(cell, 'a text');
}
