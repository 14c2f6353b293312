import type { References } from '../core/samples.ts';
import type { Tensor } from '../core/tensor.ts';

/** An input that is made of what the rows should come out as. */
export type TokenInput = (references: References) => Tensor;

/** int64 [rows, length]: the ids of the words of the target. */
export const tokenIds: TokenInput = (references) => {
  if ((references.kind !== 'tokens' && references.kind !== 'tags') || references.ids === null)
    throw new Error('internal: a tokens input without words in the target');
  return integers(references.ids, references.lengths.length);
};

/** int64 [rows, length]: 1 for a word and 0 for padding. */
export const tokenMask: TokenInput = (references) => {
  if (references.kind !== 'tags') throw new Error('internal: a mask input without a target of tags');
  const { indices, lengths } = references;
  const width = indices.length / lengths.length;
  const flags = new Int32Array(indices.length);
  for (const [row, length] of lengths.entries()) flags.fill(1, row * width, row * width + length);
  return integers(flags, lengths.length);
};

function integers(values: Int32Array, rows: number): Tensor {
  // Low halves of the integers; an array of BigInts made one by one takes 30 times as long.
  const halves = new Int32Array(values.length * 2);
  values.forEach((value, index) => {
    halves[index * 2] = value;
  });
  const data = new BigInt64Array(halves.buffer);
  return { type: 'int64', shape: [rows, rows === 0 ? 0 : values.length / rows], data };
}
