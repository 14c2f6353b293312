import type { Tensors } from '../core/tensor.ts';
import { floatForm, pickOutput, placeOfHighest, type FloatTensor } from './outputs.ts';

/** Logits [batch, length, vocabulary] of so many rows among the outputs of a model; see `pickOutput`. */
export function readLogits(outputs: Tensors, name: string | undefined, rows: number): FloatTensor {
  const fits = ({ 0: batch, length }: readonly number[]): boolean => length === 3 && batch === rows;
  return pickOutput(outputs, name, floatForm('[batch, length, vocabulary]', rows, fits));
}

/** A position of a row of tokens, and the sample it is of where that is known. */
export interface Place {
  row: number;
  position: number;
  sample?: string | number | undefined;
}

/**
 * The token a greedy decoder puts after a place, given logits [batch, length, vocabulary]. Throws where the highest of them is
 * not finite.
 */
export function likeliestToken(logits: FloatTensor, place: Place): number {
  return placeOfHighest(finiteLogits(logits, place));
}

/** Logits with a softmax: a single one may be -Infinity, for a token that cannot be. */
export function finiteLogits(logits: FloatTensor, { row, position, sample }: Place): FloatTensor['data'] {
  const values = logitsAt(logits, row, position);
  const highest = highestOf(values);
  if (Number.isFinite(highest)) return values;
  const named = sample === undefined ? '' : ` of sample "${sample}"`;
  throw new Error(
    `the highest logit after token ${position}${named} is ${highest}; a finite number is accepted`,
  );
}

/** Log-softmax in float64, shifted by the maximum: the ln p of a logit among these. */
export function logSoftmax(logits: FloatTensor['data']): (logit: number) => number {
  const highest = highestOf(logits);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - highest);
  const logSum = Math.log(sum);
  return (logit) => logit - highest - logSum;
}

function logitsAt(logits: FloatTensor, row: number, position: number): FloatTensor['data'] {
  const [, length = 0, vocabulary = 0] = logits.shape;
  const from = (row * length + position) * vocabulary;
  return logits.data.subarray(from, from + vocabulary);
}

/** NaN where any is; a vocabulary may be too large to be spread into `Math.max`. */
function highestOf(values: FloatTensor['data']): number {
  let highest = -Infinity;
  for (const value of values) highest = Math.max(highest, value);
  return highest;
}
