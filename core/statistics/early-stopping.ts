import { binomialCdf, binomialQuantile } from './binomial.ts';
import { normalQuantile } from './normal.ts';
import type { Sorted } from './quantile.ts';

/** What MLPerf Inference's rules use. */
export const earlyStoppingConfidence = 0.99;

/**
 * The fewest queries of which so many may be over latency while, with 99 % confidence, the share within it is at least
 * `probability`: h + t for the smallest h with I_p(h, t + 1) <= 0.01 (MLPerf inference rules, appendix "Early stopping",
 * with d = 0). Oracle: the published sizes, 64 queries for p90 and 662 for p99 at t = 1.
 */
export function fewestQueries(probability: number, overLatency: number): number {
  const isEnough = (n: number): boolean => isRare(overLatency, n, probability);
  let high = overLatency + 1;
  while (!isEnough(high)) high *= 2;
  let low = overLatency;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The most queries of `n` that may be over latency by the same rule; null where even none are too many. */
export function mostOverLatency(n: number, probability: number): number | null {
  const quantile = binomialQuantile(1 - earlyStoppingConfidence, { n, p: 1 - probability });
  const most = isRare(quantile, n, probability) ? quantile : quantile - 1;
  return most < 0 ? null : most;
}

/** Whether seeing so few over latency is unlikely where the share within it is just `probability`. */
function isRare(overLatency: number, n: number, probability: number): boolean {
  return binomialCdf(overLatency, { n, p: 1 - probability }) <= 1 - earlyStoppingConfidence;
}

/**
 * An upper bound of a percentile that holds with 99 % confidence whatever the distribution: of the most queries that may be
 * over latency, the fastest (LoadGen's early-stopping estimate). Null where there are fewer than `fewestQueries` for one.
 */
export function percentileUpperBound(values: Sorted, probability: number): number | null {
  const most = mostOverLatency(values.length, probability) ?? 0;
  return values[values.length - most] ?? null;
}

/**
 * Queries of a run of fixed size that finds a percentile's share within a twentieth of its distance from 1, at 99 %
 * confidence. Oracle: the table of the MLPerf inference rules (23 886 for 90 %, 50 425 for 95 %, 262 742 for 99 %).
 */
export function fixedSampleSize(probability: number): number {
  const margin = (1 - probability) / 20;
  const z = normalQuantile((1 + earlyStoppingConfidence) / 2);
  return Math.round((z ** 2 * probability * (1 - probability)) / margin ** 2);
}
