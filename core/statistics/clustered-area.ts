import { clusterTotals, type Clustering } from './clusters.ts';
import type { AreaEstimate } from './delong.ts';
import { normalQuantile } from './normal.ts';
import { studentTQuantile } from './student-t.ts';

/**
 * An area under the ROC curve with the influence of each cluster in place of each sample (Obuchowski 1997), scaled so that
 * a normal interval made of them is one of Student's t over clusters, of which there are at least two.
 */
export function clusteredArea(estimate: AreaEstimate, clusters: Clustering, level: number): AreaEstimate {
  const { count } = clusters;
  const upper = (1 + level) / 2;
  const scale = Math.sqrt(count / (count - 1)) * (studentTQuantile(upper, count - 1) / normalQuantile(upper));
  const influences = clusterTotals(estimate.influences, clusters).map((influence) => influence * scale);
  return { area: estimate.area, influences };
}
