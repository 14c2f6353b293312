import { descendingOrder } from './descending-order.ts';
import { radixSort } from './radix-sort.ts';

/**
 * The median; with weights the mean of the lower and the upper weighted one (scikit-learn `_weighted_percentile(average=True)`).
 * NaN where a number is NaN.
 */
export function medianOf(values: Float64Array, weights?: Float64Array): number {
  return weights === undefined ? plainMedian(values) : weightedMedian(values, weights);
}

/** From here on a sample shows where the median lies, and only the numbers near it are sorted. */
const manyValues = 1 << 16;

function plainMedian(values: Float64Array): number {
  const near = values.length < manyValues ? null : nearMedian(values);
  const { candidates, below } = near ?? { candidates: values.slice(), below: 0 };
  if (candidates.some(Number.isNaN)) return NaN;
  const sorted = radixSort(candidates);
  const upper = (values.length >>> 1) - below;
  const lower = ((values.length - 1) >>> 1) - below;
  return (sorted[lower]! + sorted[upper]!) / 2;
}

/** The numbers between two quantiles of a sample, NaN among them, and how many are below; null where the median is not among them. */
function nearMedian(values: Float64Array): { candidates: Float64Array; below: number } | null {
  const [low, high] = quantilesAroundMedian(values);
  const near = new Float64Array(values.length);
  let count = 0;
  let below = 0;
  let above = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) below++;
    else if (value > high) above++;
    else near[count++] = value;
  }
  const isAmong = below <= (values.length - 1) >>> 1 && above <= (values.length - 1) >>> 1;
  return isAmong ? { candidates: near.slice(0, count), below } : null;
}

const sampleSize = 1 << 14;

/** Four standard errors of the sample's median away from it. */
const reach = 4 * (Math.sqrt(sampleSize) / 2);

function quantilesAroundMedian(values: Float64Array): [low: number, high: number] {
  const sample = new Float64Array(sampleSize);
  for (let i = 0; i < sampleSize; i++) sample[i] = values[Math.floor((i * values.length) / sampleSize)]!;
  sample.sort();
  return [sample[sampleSize / 2 - reach]!, sample[sampleSize / 2 + reach]!];
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
