import type { References } from '../core/samples.ts';
import type { Tensor } from '../core/tensor.ts';
import { integerTensor } from './integer-tensor.ts';

/** An input that is made of what the rows should come out as. */
export type TokenInput = (references: References) => Tensor;

/** int64 [rows, length]: the ids of the words of the target. */
export const tokenIds: TokenInput = (references) => {
  if ((references.kind !== 'tokens' && references.kind !== 'tags') || references.ids === null)
    throw new Error('internal: a tokens input without words in the target');
  return ofRows(references.ids, references.lengths.length);
};

/** int64 [rows, length]: 1 for a word and 0 for padding. */
export const tokenMask: TokenInput = (references) => {
  if (references.kind !== 'tags') throw new Error('internal: a mask input without a target of tags');
  const { indices, lengths } = references;
  const width = indices.length / lengths.length;
  const flags = new Int32Array(indices.length);
  for (const [row, length] of lengths.entries()) flags.fill(1, row * width, row * width + length);
  return ofRows(flags, lengths.length);
};

function ofRows(values: Int32Array, rows: number): Tensor {
  return integerTensor(values, [rows, rows === 0 ? 0 : values.length / rows]);
}
