import type { References } from '../core/samples.ts';
import { gainsReader } from './gain-references.ts';
import { flagsReader, labelsReader } from './label-references.ts';
import { badChoice, numberIn, textIn, type Column, type Row } from './row.ts';
import type { Target, TargetOf } from './target.ts';
import { tagsReader } from './tag-references.ts';
import { tokensReader } from './token-references.ts';

export type ColumnOf = (name: string) => Column;

/** What the rows should come out as; throws where a cell is not of the target. */
export type ReferenceReader = (rows: readonly Row[]) => References;

/** A reader of a target's references. */
export function referencesOf(target: Target, columnOf: ColumnOf): ReferenceReader {
  switch (target.kind) {
    case 'value':
      return valueReader(target, target.columns.map(columnOf));
    case 'class':
      return classReader(target, columnOf(target.column));
    case 'labels':
      return labelsReader(target, columnOf);
    case 'flags':
      return flagsReader(target, columnOf);
    case 'gain':
      return gainsReader(target, columnOf);
    case 'tags':
      return tagsReader(target, columnOf);
    case 'tokens':
      return tokensReader(target, columnOf);
  }
}

function valueReader(
  { unit, columns: names }: TargetOf<'value'>,
  columns: readonly Column[],
): ReferenceReader {
  return (rows) => {
    const values = new Float64Array(rows.length * columns.length);
    let next = 0;
    for (const row of rows) for (const column of columns) values[next++] = numberIn(row, column);
    return { kind: 'values', unit, names, values };
  };
}

function classReader({ classes }: TargetOf<'class'>, column: Column): ReferenceReader {
  const indexOf = new Map(classes.map(({ value }, index) => [value, index]));
  const labels = classes.map(({ label }) => label);
  const classOf = (row: Row): number => {
    const index = indexOf.get(textIn(row, column));
    if (index === undefined) throw badChoice(row, column, [...indexOf.keys()]);
    return index;
  };
  const values = classes.map(({ value }) => value);
  return (rows) => {
    const indices = new Int32Array(rows.length);
    for (let row = 0; row < rows.length; row++) indices[row] = classOf(rows[row] as Row);
    return { kind: 'classes', labels, values, indices };
  };
}
