import type { Interval } from '../verdict.ts';
import { binomialQuantile } from './binomial.ts';

declare const sorted: unique symbol;

/** Numbers in ascending order without NaN; only `sortAscending` makes one. */
export type Sorted = Float64Array & { readonly [sorted]: true };

/** An ascending copy. A NaN among the values is a bug of the caller and throws. */
export function sortAscending(values: Iterable<number>): Sorted {
  const copy = Float64Array.from(values).sort();
  // The sort puts NaN last.
  if (Number.isNaN(copy.at(-1))) throw new RangeError('internal: NaN cannot be ordered');
  return copy as Sorted;
}

/** The quantile at `probability` by linear interpolation (type 7 of Hyndman and Fan 1996; NumPy's default). */
export function quantile(values: Sorted, probability: number): number {
  const position = probability * (values.length - 1);
  const below = Math.floor(position);
  const low = at(values, below);
  const high = at(values, Math.min(below + 1, values.length - 1));
  // Equal neighbours also keep infinities from turning into NaN.
  return low === high ? low : low + (high - low) * (position - below);
}

export function median(values: Sorted): number {
  return quantile(values, 0.5);
}

/**
 * Distribution-free confidence interval of a quantile: two order statistics chosen from Bin(n, probability), so that the
 * coverage is at least `level` for independent values. Null where there are too few values to reach the level.
 */
export function quantileInterval(
  values: Sorted,
  { probability, level }: { probability: number; level: number },
): Interval | null {
  const n = values.length;
  const tail = (1 - level) / 2;
  // Ranks from 1: the low one is the largest with P(X < rank) <= tail, the high one the smallest with P(X >= rank) <= tail.
  const lowRank = binomialQuantile(tail, { n, p: probability });
  const highRank = binomialQuantile(1 - tail, { n, p: probability }) + 1;
  if (lowRank < 1 || highRank > n) return null;
  return { low: at(values, lowRank - 1), high: at(values, highRank - 1), level, method: 'order-statistics' };
}

function at(values: Sorted, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`internal: no quantile of ${values.length} values`);
  return value;
}
