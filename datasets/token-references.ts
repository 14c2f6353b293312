import type { WordInput } from '../core/word-inputs.ts';
import { wordEncoder } from './encode-words.ts';
import type { ColumnOf, ReferenceReader } from './references.ts';
import { badCell, cellOf, numberIn, type Column, type Row } from './row.ts';
import type { TargetOf } from './target.ts';

/** Rows of token ids, whose continuation of a prompt is what should be generated. */
export function tokensReader(
  target: TargetOf<'tokens'>,
  columnOf: ColumnOf,
  words: Readonly<Record<string, WordInput>>,
): ReferenceReader {
  const { vocabulary, length, join, end, otherColumns } = target;
  const encode = wordEncoder({ column: columnOf(target.column), vocabulary, least: 2, most: length });
  const prompt = columnOf(target.promptColumn);
  const floor = target.floorColumn === null ? null : columnOf(target.floorColumn);
  const others = otherColumns?.map(columnOf);
  return (rows) => {
    const ids = new Int32Array(rows.length * length);
    const lengths = Int32Array.from(rows, (row, index) => {
      const encoded = encode(row);
      ids.set(encoded, index * length);
      return encoded.length;
    });
    return {
      ...{ kind: 'tokens', vocabulary, join, end: end === undefined ? null : vocabulary.indexOf(end) },
      words,
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

/** The texts of a cell that holds one, be it empty, a list of them, or nothing. */
function textsIn(row: Row, column: Column): string[] {
  const cell = cellOf(row, column);
  if (cell === undefined || cell === null || (cell === '' && column.emptyIsNothing)) return [];
  const texts: unknown[] = Array.isArray(cell) ? cell : [cell];
  return texts.map((text) => {
    if (typeof text === 'string') return text;
    throw badCell(row, column, 'a text, a list of texts, or nothing');
  });
}

function promptOf(row: Row, column: Column, length: number): number {
  const prompt = numberIn(row, column);
  if (!Number.isInteger(prompt) || prompt < 1 || prompt >= length) {
    throw badCell(row, column, `a whole number from 1 to ${length - 1}, the words of the row less one`);
  }
  return prompt;
}
