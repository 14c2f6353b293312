import type { ResampledStatistic } from './bootstrap.ts';
import { clusterMembers, type Clustering } from './clusters.ts';

/** A statistic to be resampled by whole clusters: its indices are those of clusters, and stand for all their samples. */
export function byClusters(compute: ResampledStatistic['compute'], clusters: Clustering): ResampledStatistic {
  const members = clusterMembers(clusters);
  return { samples: clusters.count, compute: (indices) => compute(samplesOf(indices, members)) };
}

function samplesOf(indices: Int32Array, members: readonly Int32Array[]): Int32Array {
  let length = 0;
  for (const cluster of indices) length += members[cluster]!.length;
  const samples = new Int32Array(length);
  let next = 0;
  for (const cluster of indices) {
    samples.set(members[cluster]!, next);
    next += members[cluster]!.length;
  }
  return samples;
}
