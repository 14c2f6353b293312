import { comparePredictions, type ComparisonRequest } from './compare-predictions.ts';
import type { Comparison } from './comparison.ts';

/**
 * Judges several variants on one metric so that the chance of any wrong decision among them stays below alpha: Holm's
 * step-down (1979), by intervals. All are judged at alpha / (number undecided); those decided leave, and the rest are
 * judged again at the level that leaves them. Null where the metric is undefined.
 */
export function compareVariants(requests: readonly ComparisonRequest[]): (Comparison | null)[] {
  const results = new Map<ComparisonRequest, Comparison | null>();
  let undecided = [...requests];
  let before: number;
  do {
    before = undecided.length;
    for (const request of undecided)
      results.set(request, comparePredictions({ ...request, alpha: request.alpha / before }));
    undecided = undecided.filter((request) => results.get(request)?.verdict === 'inconclusive');
  } while (undecided.length > 0 && undecided.length < before);
  return requests.map((request) => results.get(request) ?? null);
}
