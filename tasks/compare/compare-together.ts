import { comparisonAt, type ComparisonRequest } from './compare-predictions.ts';
import type { Comparison } from './comparison.ts';

/**
 * Makes several comparisons, of variants, metrics or slices, so that the chance of any wrong decision among them stays below
 * alpha: Holm's step-down (1979), by intervals. All are judged at alpha / (number undecided); those decided leave, and the rest
 * are judged again at the level that leaves them. Null where the metric is undefined.
 */
export function compareTogether(
  requests: readonly Omit<ComparisonRequest, 'alpha'>[],
  alpha: number,
): (Comparison | null)[] {
  const judged = requests.map(comparisonAt);
  const results: (Comparison | null)[] = judged.map(() => null);
  let undecided = [...judged.keys()].filter((index) => judged[index] !== null);
  let before: number;
  do {
    before = undecided.length;
    for (const index of undecided) results[index] = judged[index]?.(alpha / before) ?? null;
    undecided = undecided.filter((index) => results[index]?.verdict === 'inconclusive');
  } while (undecided.length > 0 && undecided.length < before);
  return results;
}
