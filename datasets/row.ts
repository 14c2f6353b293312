import { AssayError } from '../core/errors.ts';
import type { RowBlock } from './row-block.ts';

/** A row of a file: `number` counts from 1 in the file, `index` from 0 in the block. */
export interface Row {
  number: number;
  block: RowBlock;
  index: number;
}

/** Where a row has the cell of a column, and what an error calls it. */
export interface Column {
  where: string;
  name: string;
  index: number;
  /** Whether its file writes nothing as an empty text, having no other way. */
  emptyIsNothing: boolean;
}

const missingTexts = new Set(['', '?', 'NA', 'N/A', 'NaN', 'nan', 'null']);

/** Tells the texts that are values of a column, whatever they mean elsewhere. */
export type IsValue = (text: string) => boolean;

/** Of a column of texts, where any is a value that says something. */
export const anyText: IsValue = (text) => text !== '';

/** Of a column whose values are declared. */
export function declaredText(values: readonly string[]): IsValue {
  return (text) => values.includes(text);
}

/** Whether a row has nothing in a column: absent, null, NaN, or one of the usual texts for it where that is no value. */
export function isMissingIn(row: Row, column: Column, isValue: IsValue): boolean {
  return Number.isNaN(plainNumberIn(row, column)) && isMissing(cellOf(row, column), isValue);
}

function isMissing(value: unknown, isValue: IsValue): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'string') return Number.isNaN(value);
  const text = value.trim();
  return missingTexts.has(text) && !isValue(text);
}

/** What a row has in a column; undefined where it has nothing there. */
export function cellOf(row: Row, column: Column): unknown {
  return row.block.cell(row.index, column.index);
}

/** The error for a cell that is not what its column should hold. */
export function badCell(row: Row, column: Column, expected: string): AssayError {
  const value = cellOf(row, column);
  const found = value === undefined ? 'nothing' : JSON.stringify(value);
  const place = placeOf(row, column);
  return new AssayError('dataset-invalid', `${place}: expected ${expected}, found ${found}.`);
}

/** The same for a cell that is none of the texts it may be. */
export function badChoice(row: Row, column: Column, values: readonly string[]): AssayError {
  const found = cellOf(row, column);
  const alike = typeof found === 'string' && values.some((value) => isSameText(value, found.trim()));
  const form = alike ? ' in the same Unicode form (composed and decomposed letters differ)' : '';
  return badCell(row, column, `one of ${values.join(', ')}${form}`);
}

function isSameText(first: string, second: string): boolean {
  return first.normalize('NFC') === second.normalize('NFC');
}

/** A cell as an error names it. */
export function placeOf(row: Row, column: Column): string {
  return `${column.where}, row ${row.number}, column "${column.name}"`;
}

/** A cell that plainly is a finite number; NaN where all of it must be looked at to tell. */
function plainNumberIn({ block, index }: Row, column: Column): number {
  return block.numbers[index * block.columns + column.index] as number;
}

/** A finite number, given as one or as its text. */
export function numberIn(row: Row, column: Column): number {
  const plain = plainNumberIn(row, column);
  return Number.isNaN(plain) ? numberOf(row, column) : plain;
}

/** As `numberIn`; NaN where there is none. */
export function numberOrNaNIn(row: Row, column: Column): number {
  return isMissingIn(row, column, () => false) ? NaN : numberIn(row, column);
}

function numberOf(row: Row, column: Column): number {
  const value = cellOf(row, column);
  const parsed = typeof value === 'string' && isDecimal(value.trim()) ? Number(value) : value;
  if (typeof parsed !== 'number' || !Number.isFinite(parsed)) throw badCell(row, column, 'a number');
  return parsed;
}

/** `Number` also reads hexadecimals, octals, binaries and nothing. */
function isDecimal(text: string): boolean {
  return /^[\d.eE+-]+$/.test(text);
}

/** The text of a cell; numbers and booleans as JSON writes them. */
export function textIn(row: Row, column: Column): string {
  const value = cellOf(row, column);
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw badCell(row, column, 'a text');
}
