import { descendingOrder } from './descending-order.ts';
import type { SingleOutput } from './outputs.ts';
import { hasOutside } from './scan.ts';
import { selectRank } from './select-rank.ts';
import { upperHalf } from './upper-half.ts';

/**
 * The median of |y - p|; with weights the mean of the lower and the upper weighted one (scikit-learn
 * `_weighted_percentile(average=True)`). NaN where an error is NaN.
 */
export function medianOfErrors({ expected, predicted, sampleWeights }: SingleOutput): number {
  if (sampleWeights !== undefined) return weightedMedian(errorsOf(expected, predicted), sampleWeights);
  const near = expected.length < manyErrors ? null : nearMedian(expected, predicted);
  const { candidates, below } = near ?? { candidates: errorsOf(expected, predicted), below: 0 };
  if (hasOutside(candidates, 0, Infinity)) return NaN;
  const upper = (expected.length >>> 1) - below;
  const lower = ((expected.length - 1) >>> 1) - below;
  return (selectRank(candidates, lower) + selectRank(candidates, upper)) / 2;
}

/** From here on a sample shows where the median lies, and only the errors near it are kept. */
const manyErrors = 1 << 16;

/** The errors between two quantiles of a sample, and how many are below; null where the median is not among them. */
function nearMedian(
  expected: Float64Array,
  predicted: Float64Array,
): { candidates: Float64Array; below: number } | null {
  const [low, high] = quantilesAroundMedian(expected, predicted);
  const [middle, reach] = [(low + high) / 2, (high - low) / 2];
  const near = new Float64Array(expected.length >>> 3);
  let [count, below] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(expected[i]! - predicted[i]!);
    const distance = error - middle;
    // By its sign, as a comparison that is as often true as false costs a wrong guess of the branch.
    below += upperHalf(distance) >>> 31;
    // What is NaN is near, and seen later.
    if (!(Math.abs(distance) > reach)) near[count++] = error;
  }
  const candidates = near.subarray(0, count);
  for (let i = 0; i < candidates.length; i++) below -= upperHalf(candidates[i]! - middle) >>> 31;
  const [lower, upper] = [(expected.length - 1) >>> 1, expected.length >>> 1];
  const isAmong = count < near.length && below <= lower && upper < below + count;
  return isAmong ? { candidates, below } : null;
}

const sampleSize = 1 << 12;

/** Four standard errors of the sample's median away from it. */
const ranksAway = 4 * (Math.sqrt(sampleSize) / 2);

function quantilesAroundMedian(expected: Float64Array, predicted: Float64Array): [low: number, high: number] {
  const sample = new Float64Array(sampleSize);
  for (let i = 0; i < sampleSize; i++) {
    const row = Math.floor((i * expected.length) / sampleSize);
    sample[i] = Math.abs(expected[row]! - predicted[row]!);
  }
  sample.sort();
  return [sample[sampleSize / 2 - ranksAway]!, sample[sampleSize / 2 + ranksAway]!];
}

function errorsOf(expected: Float64Array, predicted: Float64Array): Float64Array {
  const errors = new Float64Array(expected.length);
  for (let i = 0; i < errors.length; i++) errors[i] = Math.abs(expected[i]! - predicted[i]!);
  return errors;
}

function weightedMedian(values: Float64Array, weights: Float64Array): number {
  if (values.some(Number.isNaN)) return NaN;
  const order = descendingOrder(values)
    .reverse()
    .filter((row) => weights[row]! > 0);
  let total = 0;
  for (let rank = 0; rank < order.length; rank++) total += weights[order[rank]!]!;
  let below = 0;
  const lower = order.findIndex((row) => (below += weights[row]!) >= total / 2);
  if (lower < 0) return NaN;
  const isBetween = below - total / 2 <= Number.EPSILON && lower + 1 < order.length;
  const next = isBetween ? lower + 1 : lower;
  return (values[order[lower]!]! + values[order[next]!]!) / 2;
}
