import type { References } from '../core/samples.ts';
import type { ColumnOf, ReferenceReader } from './references.ts';
import { badCell, cellOf, isMissingIn, numberIn, textIn, type Column, type Row } from './row.ts';
import type { TargetOf } from './target.ts';

/** Labels that a cell lists: a text with a separator between their values, a list of them, or nothing. */
export function labelsReader(
  { labels, separator, column: name }: TargetOf<'labels'>,
  columnOf: ColumnOf,
): ReferenceReader {
  const column = columnOf(name);
  const values = labels.map(({ value }) => value);
  const indexOf = new Map(values.map((value, index) => [value, index]));
  const isValue = (text: string): boolean => indexOf.has(text);
  const valuesIn = (row: Row): string[] =>
    isMissingIn(row, column, isValue) ? [] : listedIn(row, column, separator);
  return (rows) => {
    const flags = new Uint8Array(rows.length * labels.length);
    for (const [index, row] of [...rows].entries()) {
      for (const value of valuesIn(row)) {
        const label = indexOf.get(value);
        if (label === undefined) throw badCell(row, column, `any of ${values.join(', ')}`);
        flags[index * labels.length + label] = 1;
      }
    }
    return { kind: 'labels', labels: labels.map(({ label }) => label), values, flags };
  };
}

/** Labels with a column each, of 0 and 1. */
export function flagsReader({ columns: labels }: TargetOf<'flags'>, columnOf: ColumnOf): ReferenceReader {
  const columns = labels.map(columnOf);
  return (rows): References => ({
    ...{ kind: 'labels', labels, values: labels },
    flags: Uint8Array.from(rows.map((row) => columns.map((column) => flagIn(row, column))).flat()),
  });
}

function listedIn(row: Row, column: Column, separator: string): string[] {
  const cell = cellOf(row, column);
  if (!Array.isArray(cell))
    return textIn(row, column)
      .split(separator)
      .filter((value) => value !== '');
  return cell.map((value: unknown) => {
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw badCell(row, column, 'a list of labels');
  });
}

function flagIn(row: Row, column: Column): number {
  const cell = cellOf(row, column);
  const flag = typeof cell === 'boolean' ? Number(cell) : numberIn(row, column);
  if (flag === 0 || flag === 1) return flag;
  throw badCell(row, column, '0 or 1');
}
