import { clusterTotals, type Clustering } from './clusters.ts';
import { mean, standardError } from './summary.ts';

/**
 * Standard error of the mean of scores that come in clusters, e.g. several questions about one text. `miller` adds the
 * covariances inside clusters to the usual squared error (Miller 2024, arXiv 2411.00640); `C/(C-1)` scales the sum of
 * squared cluster totals for few clusters, as inspect_ai does.
 */
export function clusteredStandardError(
  scores: Float64Array,
  clusters: Clustering,
  correction: 'miller' | 'C/(C-1)',
): number {
  const centre = mean(scores);
  const deviations = scores.map((score) => score - centre);
  const squaredTotals = sumOfSquares(clusterTotals(deviations, clusters)) / scores.length ** 2;
  if (correction === 'C/(C-1)') return Math.sqrt((squaredTotals * clusters.count) / (clusters.count - 1));
  const covariances = squaredTotals - sumOfSquares(deviations) / scores.length ** 2;
  return Math.sqrt(Math.max(0, standardError(scores) ** 2 + covariances));
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
