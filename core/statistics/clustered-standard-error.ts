import { mean, standardError } from './summary.ts';

/**
 * Standard error of the mean of scores that come in clusters, e.g. several questions about one text. `miller` adds the
 * covariances inside clusters to the usual squared error (Miller 2024, arXiv 2411.00640); `C/(C-1)` scales the sum of
 * squared cluster totals for few clusters, as inspect_ai does. `clusters` names the cluster of each score.
 */
export function clusteredStandardError(
  scores: Float64Array,
  clusters: readonly string[],
  correction: 'miller' | 'C/(C-1)',
): number {
  const centre = mean(scores);
  const deviations = scores.map((score) => score - centre);
  const totals = totalsOf(deviations, clusters);
  const squaredTotals = sumOfSquares(totals) / scores.length ** 2;
  if (correction === 'C/(C-1)') return Math.sqrt((squaredTotals * totals.length) / (totals.length - 1));
  const covariances = squaredTotals - sumOfSquares(deviations) / scores.length ** 2;
  return Math.sqrt(Math.max(0, standardError(scores) ** 2 + covariances));
}

function totalsOf(deviations: Float64Array, clusters: readonly string[]): number[] {
  const totals = new Map<string, number>();
  for (const [index, cluster] of clusters.entries()) {
    totals.set(cluster, (totals.get(cluster) ?? 0) + deviations[index]!);
  }
  return [...totals.values()];
}

function sumOfSquares(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
