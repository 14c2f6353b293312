import { descendingOrder } from './descending-order.ts';
import type { SingleOutput } from './outputs.ts';
import { hasOutside } from './scan.ts';
import { selectRank } from './select-rank.ts';

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
  const near = new Float64Array(expected.length >>> 3);
  let count = 0;
  let below = 0;
  for (let i = 0; i < expected.length && count < near.length; i++) {
    const error = Math.abs(expected[i]! - predicted[i]!);
    near[count] = error;
    const isBelow = Number(error < low);
    below += isBelow;
    count += 1 - isBelow - Number(error > high);
  }
  const [lower, upper] = [(expected.length - 1) >>> 1, expected.length >>> 1];
  const isAmong = count < near.length && below <= lower && upper < below + count;
  return isAmong ? { candidates: near.subarray(0, count), below } : null;
}

const sampleSize = 1 << 12;

/** Four standard errors of the sample's median away from it. */
const reach = 4 * (Math.sqrt(sampleSize) / 2);

function quantilesAroundMedian(expected: Float64Array, predicted: Float64Array): [low: number, high: number] {
  const sample = new Float64Array(sampleSize);
  for (let i = 0; i < sampleSize; i++) {
    const row = Math.floor((i * expected.length) / sampleSize);
    sample[i] = Math.abs(expected[row]! - predicted[row]!);
  }
  sample.sort();
  return [sample[sampleSize / 2 - reach]!, sample[sampleSize / 2 + reach]!];
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
