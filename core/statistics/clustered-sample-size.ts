import { clusteredStandardError } from './clustered-standard-error.ts';
import type { Clustering } from './clusters.ts';
import { normalQuantile } from './normal.ts';
import { studentTQuantile } from './student-t.ts';
import { standardError } from './summary.ts';

/**
 * How many independent samples say as much about the mean of scores as these, which come in at least two clusters: n over
 * the design effect (Kish 1965), never more than n, and less the degrees of freedom of few clusters (Korn and Graubard
 * 1998). Equal scores say nothing of how alike clusters are, and count as one a cluster.
 */
export function clusteredSampleSize(scores: Float64Array, clusters: Clustering, level: number): number {
  const independent = standardError(scores);
  const inflation = clusteredStandardError(scores, clusters, 'C/(C-1)') / independent;
  const size = independent > 0 ? scores.length / Math.max(1, inflation ** 2) : clusters.count;
  const upper = (1 + level) / 2;
  return size * (normalQuantile(upper) / studentTQuantile(upper, clusters.count - 1)) ** 2;
}
