import { median, sortAscending } from './quantile.ts';

/** Of normal data, the median distance of two values is this share of a standard deviation: sqrt(2) times the normal quartile. */
const normalShare = 0.9538725524;

/**
 * Standard deviation of the bulk of the values, from the median distance of all pairs (Shamos 1976): up to 29 % of them may
 * lie anywhere. Null for fewer than two values.
 */
export function robustDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const distances = values.flatMap((first, index) =>
    values.slice(index + 1).map((second) => Math.abs(first - second)),
  );
  return median(sortAscending(distances)) / normalShare;
}
