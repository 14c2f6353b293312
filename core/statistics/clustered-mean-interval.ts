import type { Interval } from '../verdict.ts';
import { clusteredStandardError } from './clustered-standard-error.ts';
import type { Clustering } from './clusters.ts';
import { studentTQuantile } from './student-t.ts';
import { mean } from './summary.ts';

/** Student's t interval of the mean of scores in clusters, with as many degrees of freedom as clusters less one; null for fewer than two. */
export function clusteredMeanInterval(
  scores: Float64Array,
  clusters: Clustering,
  level: number,
): Interval | null {
  if (clusters.count < 2) return null;
  const t = studentTQuantile((1 + level) / 2, clusters.count - 1);
  const reach = t * clusteredStandardError(scores, clusters, 'C/(C-1)');
  const centre = mean(scores);
  return { low: centre - reach, high: centre + reach, level, method: 'student-t' };
}
