import { integerTensor } from './integer-tensor.ts';
import type { Tensor, Tensors } from './tensor.ts';

/** What an input tells of the words of a row: their ids, 1 for each and 0 for padding, or their places from 0. */
export type WordInput = 'tokens' | 'mask' | 'positions';

/** Words of rows. */
export interface WordRows {
  /** Row-major [rows, width], padded with 0; null where words have no ids. */
  ids: Int32Array | null;
  /** Words a row without its padding. */
  lengths: Int32Array;
  width: number;
}

/** int64 [rows, width]. */
export function wordTensor(kind: WordInput, { ids, lengths, width }: WordRows): Tensor {
  const shape = [lengths.length, width];
  if (kind === 'tokens') {
    if (ids === null) throw new Error('internal: a tokens input without words in the target');
    return integerTensor(ids, shape);
  }
  const values = new Int32Array(lengths.length * width);
  for (const [row, length] of lengths.entries()) {
    const own = values.subarray(row * width, (row + 1) * width);
    if (kind === 'mask') own.fill(1, 0, length);
    else for (const place of own.keys()) own[place] = place;
  }
  return integerTensor(values, shape);
}

/** Inputs of which those that tell of words, by name, tell of these. */
export function withWords(
  inputs: Tensors,
  words: Readonly<Record<string, WordInput>>,
  rows: WordRows,
): Tensors {
  const told = Object.entries(words).map(([name, kind]) => [name, wordTensor(kind, rows)] as const);
  return { ...inputs, ...Object.fromEntries(told) };
}

/** Whether rows can go without padding: no other input is as wide as theirs, which may then tell of the same words. */
export function canGoUnpadded(inputs: Tensors, words: Readonly<Record<string, WordInput>>): boolean {
  const [own, others] = [Object.keys(words), Object.keys(inputs).filter((name) => !(name in words))];
  const width = inputs[own[0] ?? '']?.shape[1];
  return others.every((name) => inputs[name]?.shape[1] !== width);
}
