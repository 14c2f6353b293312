import type { References } from '../core/samples.ts';
import type { WordInput } from '../core/word-inputs.ts';
import { gainsReader } from './gain-references.ts';
import { flagsReader, labelsReader } from './label-references.ts';
import { badChoice, numberIn, textIn, type Column } from './row.ts';
import { rowAt, type Rows, type RowsOfBlock } from './rows.ts';
import type { Target, TargetOf } from './target.ts';
import { tagsReader } from './tag-references.ts';
import { tokensReader } from './token-references.ts';

export type ColumnOf = (name: string) => Column;

/** What the rows should come out as; throws where a cell is not of the target. */
export type ReferenceReader = (rows: Rows) => References;

/** A reader of a target's references; `words` are the inputs that tell of its words, by name. */
export function referencesOf(
  target: Target,
  columnOf: ColumnOf,
  words: Readonly<Record<string, WordInput>>,
): ReferenceReader {
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
      return tokensReader(target, columnOf, words);
  }
}

function valueReader(
  { unit, columns: names }: TargetOf<'value'>,
  columns: readonly Column[],
): ReferenceReader {
  return (rows) => {
    const values = new Float64Array(rows.length * columns.length);
    let next = 0;
    for (const part of rows.parts) {
      const { numbers, columns: width } = part.block;
      for (const index of part.indices) {
        for (const column of columns) {
          const plain = numbers[index * width + column.index] as number;
          values[next++] = Number.isNaN(plain) ? numberIn(rowAt(part, index), column) : plain;
        }
      }
    }
    return { kind: 'values', unit, names, values };
  };
}

function classReader({ classes }: TargetOf<'class'>, column: Column): ReferenceReader {
  const labels = classes.map(({ label }) => label);
  const values = classes.map(({ value }) => value);
  const classOf = classFinder(values, column);
  return (rows) => {
    const indices = new Int32Array(rows.length);
    let next = 0;
    for (const part of rows.parts) for (const index of part.indices) indices[next++] = classOf(part, index);
    return { kind: 'classes', labels, values, indices };
  };
}

/** Finds the class of a row in its block: by its number, without a text, where each text is what `String` makes of the number. */
function classFinder(
  values: readonly string[],
  column: Column,
): (part: RowsOfBlock, index: number) => number {
  const indexOf = new Map(values.map((value, index) => [value, index]));
  const numbered = values.map((value, index) => [Number(value), index] as const);
  const indexOfNumber = new Map(numbered.filter(([number, index]) => String(number) === values[index]));
  return (part, index) => {
    const { block } = part;
    const number = block.numbers[index * block.columns + column.index] as number;
    const known = block.isAsWritten[column.index] === 1 ? indexOfNumber.get(number) : undefined;
    if (known !== undefined) return known;
    const row = rowAt(part, index);
    const found = indexOf.get(textIn(row, column));
    if (found === undefined) throw badChoice(row, column, values);
    return found;
  };
}
