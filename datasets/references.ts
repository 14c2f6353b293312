import { AssayError } from '../core/errors.ts';
import type { References } from '../core/samples.ts';
import { suggest } from '../core/suggest.ts';
import type { Target } from './manifest.ts';
import { badCell, cellOf, isMissingIn, numberIn, placeOf, textIn, type Column, type Row } from './row.ts';

type ValueTarget = Extract<Target, { kind: 'value' }>;
type ClassTarget = Extract<Target, { kind: 'class' }>;
type TokensTarget = Extract<Target, { kind: 'tokens' }>;
type ColumnOf = (name: string) => Column;

/** What the rows should come out as; throws where a cell is not of the target. */
export type ReferenceReader = (rows: readonly Row[]) => References;

/** A reader of a target's references. */
export function referencesOf(target: Target, columnOf: ColumnOf): ReferenceReader {
  switch (target.kind) {
    case 'value':
      return valueReader(target, target.columns.map(columnOf));
    case 'class':
      return classReader(target, columnOf(target.column));
    case 'tokens':
      return tokensReader(target, columnOf);
  }
}

function valueReader({ unit, columns: names }: ValueTarget, columns: readonly Column[]): ReferenceReader {
  return (rows) => ({
    ...{ kind: 'values', unit, names },
    values: Float64Array.from(rows.flatMap((row) => columns.map((column) => numberIn(row, column)))),
  });
}

function classReader({ classes }: ClassTarget, column: Column): ReferenceReader {
  const indexOf = new Map(classes.map(({ value }, index) => [value, index]));
  const labels = classes.map(({ label }) => label);
  const classOf = (row: Row): number => {
    const index = indexOf.get(textIn(row, column));
    if (index === undefined) throw badCell(row, column, `one of ${[...indexOf.keys()].join(', ')}`);
    return index;
  };
  const values = classes.map(({ value }) => value);
  return (rows) => ({ kind: 'classes', labels, values, indices: Int32Array.from(rows, classOf) });
}

function tokensReader(target: TokensTarget, columnOf: ColumnOf): ReferenceReader {
  const { vocabulary, length, join, end, otherColumns } = target;
  const text = { column: columnOf(target.column), vocabulary, idOf: idsOf(vocabulary), length };
  const prompt = columnOf(target.promptColumn);
  const floor = target.floorColumn === null ? null : columnOf(target.floorColumn);
  const others = otherColumns?.map(columnOf);
  return (rows) => {
    const ids = new Int32Array(rows.length * length);
    const lengths = Int32Array.from(rows, (row, index) => {
      const encoded = encode(row, text);
      ids.set(encoded, index * length);
      return encoded.length;
    });
    return {
      ...{ kind: 'tokens', vocabulary, join, end: end === undefined ? null : vocabulary.indexOf(end) },
      ids,
      lengths,
      promptLengths: Int32Array.from(rows, (row, index) => promptOf(row, prompt, lengths[index] ?? 0)),
      floorNegativeLogLikelihood:
        floor === null ? null : Float64Array.from(rows, (row) => numberIn(row, floor)),
      ...(others === undefined
        ? {}
        : { otherTexts: rows.map((row) => others.flatMap((column) => textsIn(row, column))) }),
    };
  };
}

function idsOf(vocabulary: readonly string[]): ReadonlyMap<string, number> {
  return new Map(vocabulary.map((word, id) => [word, id]));
}

interface Encoding {
  column: Column;
  vocabulary: readonly string[];
  idOf: ReadonlyMap<string, number>;
  length: number;
}

function encode(row: Row, { column, vocabulary, idOf, length }: Encoding): number[] {
  const cell = cellOf(row, column);
  const words = Array.isArray(cell) ? (cell as unknown[]) : textIn(row, column).split(' ');
  if (words.length < 2 || words.length > length) throw badCell(row, column, `2 to ${length} words`);
  return words.map((word) => {
    if (typeof word === 'number' && Number.isInteger(word) && vocabulary[word] !== undefined) return word;
    const id = typeof word === 'string' ? idOf.get(word) : undefined;
    if (id !== undefined) return id;
    if (typeof word === 'string') throw unknownWord(word, placeOf(row, column), vocabulary);
    throw badCell(
      row,
      column,
      `words of the vocabulary, or whole numbers from 0 to ${vocabulary.length - 1}`,
    );
  });
}

/** The texts of a cell that holds one, a list of them, or nothing. */
function textsIn(row: Row, column: Column): string[] {
  if (isMissingIn(row, column)) return [];
  const cell = cellOf(row, column);
  const texts: unknown[] = Array.isArray(cell) ? cell : [cell];
  return texts.map((text) => {
    if (typeof text === 'string') return text;
    throw badCell(row, column, 'a text, a list of texts, or nothing');
  });
}

function unknownWord(word: string, place: string, vocabulary: readonly string[]): AssayError {
  return new AssayError(
    'dataset-invalid',
    `${place}: "${word}" is not in the vocabulary. ${suggest(word, vocabulary)}`,
  );
}

function promptOf(row: Row, column: Column, length: number): number {
  const prompt = numberIn(row, column);
  if (!Number.isInteger(prompt) || prompt < 1 || prompt >= length) {
    throw badCell(row, column, `a whole number from 1 to ${length - 1}, the words of the row less one`);
  }
  return prompt;
}
