import { descendingOrder } from './descending-order.ts';

/** The median; with weights the mean of the lower and the upper weighted one (scikit-learn `_weighted_percentile(average=True)`). */
export function medianOf(values: Float64Array, weights?: Float64Array): number {
  if (values.some(Number.isNaN)) return NaN;
  return weights === undefined ? plainMedian(values) : weightedMedian(values, weights);
}

function plainMedian(values: Float64Array): number {
  const sorted = values.toSorted();
  const upper = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2;
}

function weightedMedian(values: Float64Array, weights: Float64Array): number {
  const order = descendingOrder(values)
    .reverse()
    .filter((row) => weights[row]! > 0);
  let total = 0;
  for (const row of order) total += weights[row]!;
  let below = 0;
  const lower = order.findIndex((row) => (below += weights[row]!) >= total / 2);
  if (lower < 0) return NaN;
  const isBetween = below - total / 2 <= Number.EPSILON && lower + 1 < order.length;
  return isBetween ? (values[order[lower]!]! + values[order[lower + 1]!]!) / 2 : values[order[lower]!]!;
}
