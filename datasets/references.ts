import { AssayError } from '../core/errors.ts';
import type { References } from '../core/samples.ts';
import { suggest } from '../core/suggest.ts';
import type { Target } from './manifest.ts';
import { badCell, cellOf, numberIn, textIn, type Cell, type Row, type Table } from './table.ts';

type ValueTarget = Extract<Target, { kind: 'value' }>;
type ClassTarget = Extract<Target, { kind: 'class' }>;
type TokensTarget = Extract<Target, { kind: 'tokens' }>;

/** What the rows should come out as. */
export function readReferences(table: Table, rows: readonly Row[], target: Target): References {
  switch (target.kind) {
    case 'value':
      return values(table, rows, target);
    case 'class':
      return {
        kind: 'classes',
        labels: labelsOf(target),
        indices: Int32Array.from(classesOf(table, rows, target)),
      };
    case 'tokens':
      return tokens(table, rows, target);
  }
}

/** Index into the target's classes of every row. */
export function classesOf(table: Table, rows: readonly Row[], target: ClassTarget): number[] {
  const indexOf = new Map(target.classes.map(({ value }, index) => [value, index]));
  return rows.map((row) => {
    const cell = cellOf(table, row, target.column);
    const index = indexOf.get(textIn(cell));
    if (index === undefined) throw badCell(cell, `one of ${[...indexOf.keys()].join(', ')}`);
    return index;
  });
}

function labelsOf(target: ClassTarget): string[] {
  return target.classes.map(({ label }) => label);
}

function values(table: Table, rows: readonly Row[], target: ValueTarget): References {
  const numbers = rows.map((row) => numberIn(cellOf(table, row, target.column)));
  return { kind: 'values', unit: target.unit, values: Float64Array.from(numbers) };
}

function tokens(table: Table, rows: readonly Row[], target: TokensTarget): References {
  const { vocabulary, length, floorColumn } = target;
  const idOf = new Map(vocabulary.map((word, id) => [word, id]));
  const ids = new Int32Array(rows.length * length);
  const lengths = rows.map((row, index) => {
    const encoded = encode(cellOf(table, row, target.column), idOf, length);
    ids.set(encoded, index * length);
    return encoded.length;
  });
  const prompts = rows.map((row, index) =>
    promptOf(cellOf(table, row, target.promptColumn), lengths[index] ?? 0),
  );
  const floors = floorColumn === null ? null : rows.map((row) => numberIn(cellOf(table, row, floorColumn)));
  return {
    kind: 'tokens',
    vocabulary,
    ids,
    lengths: Int32Array.from(lengths),
    promptLengths: Int32Array.from(prompts),
    floorNegativeLogLikelihood: floors === null ? null : Float64Array.from(floors),
  };
}

function encode(cell: Cell, idOf: ReadonlyMap<string, number>, length: number): number[] {
  const words = textIn(cell).split(' ');
  if (words.length < 2 || words.length > length) throw badCell(cell, `2 to ${length} words`);
  return words.map((word) => {
    const id = idOf.get(word);
    if (id === undefined) throw unknownWord(cell, word, [...idOf.keys()]);
    return id;
  });
}

function unknownWord(cell: Cell, word: string, vocabulary: readonly string[]): AssayError {
  const place = `${cell.where}, row ${cell.row}, column "${cell.column}"`;
  return new AssayError(
    'dataset-invalid',
    `${place}: "${word}" is not in the vocabulary. ${suggest(word, vocabulary)}`,
  );
}

function promptOf(cell: Cell, length: number): number {
  const prompt = numberIn(cell);
  if (!Number.isInteger(prompt) || prompt < 1 || prompt >= length) {
    throw badCell(cell, `a whole number from 1 to ${length - 1}, the words of the row less one`);
  }
  return prompt;
}
