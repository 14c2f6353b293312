import { kernelsFor } from '../kernels/kernels.ts';
import { addressOf, spareBlock } from '../kernels/workspace.ts';
import { someBlock } from './blocks.ts';
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

/** The errors near the median, and how many are below them. */
interface Near {
  candidates: Float64Array;
  below: number;
}

/** The errors between two quantiles of a sample; null where the median is not among them. */
function nearMedian(expected: Float64Array, predicted: Float64Array): Near | null {
  const near = errorsWithin(expected, predicted, quantilesAroundMedian(expected, predicted));
  if (near === null) return null;
  const [lower, upper] = [(expected.length - 1) >>> 1, expected.length >>> 1];
  return near.below <= lower && upper < near.below + near.candidates.length ? near : null;
}

/** What is NaN is within, and seen later; null where more than an eighth is. */
function errorsWithin(
  expected: Float64Array,
  predicted: Float64Array,
  [low, high]: [number, number],
): Near | null {
  const kernels = kernelsFor(expected);
  const [y, p] = [addressOf(kernels, expected, 0), addressOf(kernels, predicted, 1)];
  const kept = spareBlock(kernels);
  const within = new Float64Array(expected.length >>> 3);
  let [found, below] = [0, 0];
  const isFull = someBlock(expected.length, (start, end) => {
    const counts = kernels.compiled.errorsWithin(
      y(start, end),
      p(start, end),
      end - start,
      low,
      high,
      kept.byteOffset,
    );
    const count = counts & 0xffff;
    if (found + count > within.length) return true;
    within.set(kept.subarray(0, count), found);
    found += count;
    below += counts >>> 16;
    return false;
  });
  return isFull ? null : { candidates: within.subarray(0, found), below };
}

const sampleSize = 1 << 14;

/** Four standard errors of the sample's median away from it. */
const ranksAway = 4 * (Math.sqrt(sampleSize) / 2);

function quantilesAroundMedian(expected: Float64Array, predicted: Float64Array): [low: number, high: number] {
  const sample = new Float64Array(sampleSize);
  for (let i = 0; i < sampleSize; i++) {
    const row = Math.floor((i * expected.length) / sampleSize);
    sample[i] = Math.abs(expected[row]! - predicted[row]!);
  }
  return [selectRank(sample, sampleSize / 2 - ranksAway), selectRank(sample, sampleSize / 2 + ranksAway)];
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
