import { AssayError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';
import { badCell, cellOf, placeOf, textIn, type Column, type Row } from './row.ts';

/** A column of words and how they become ids. */
export interface Words {
  column: Column;
  vocabulary: readonly string[];
  /** Stands for words that are not in the vocabulary. */
  unknown?: string | undefined;
  /** How many words a cell may hold. */
  least: number;
  most: number;
}

/** Reads the ids of the words of a cell: a text with a space between them, or a list of words or of ids. */
export function wordEncoder({ column, vocabulary, unknown, least, most }: Words): (row: Row) => number[] {
  const idOf = new Map(vocabulary.map((word, id) => [word, id]));
  const unknownId = unknown === undefined ? undefined : idOf.get(unknown);
  const expected = `words of the vocabulary, or whole numbers from 0 to ${vocabulary.length - 1}`;
  return (row) => {
    const cell = cellOf(row, column);
    const words = Array.isArray(cell) ? (cell as unknown[]) : textIn(row, column).split(' ');
    if (words.length < least || words.length > most) throw badCell(row, column, `${least} to ${most} words`);
    return words.map((word) => {
      if (typeof word === 'number' && Number.isInteger(word) && vocabulary[word] !== undefined) return word;
      const id = typeof word === 'string' ? (idOf.get(word) ?? unknownId) : undefined;
      if (id !== undefined) return id;
      if (typeof word === 'string') throw unknownWord(word, placeOf(row, column), vocabulary);
      throw badCell(row, column, expected);
    });
  };
}

function unknownWord(word: string, place: string, vocabulary: readonly string[]): AssayError {
  return new AssayError(
    'dataset-invalid',
    `${place}: "${word}" is not in the vocabulary. ${suggest(word, vocabulary)}`,
  );
}
