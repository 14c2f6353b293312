import type { ResampledStatistic } from '../../core/statistics/bootstrap.ts';
import { byClusters } from '../../core/statistics/clustered-resampling.ts';
import { clusteringOf, clusterTotals, type Clustering } from '../../core/statistics/clusters.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Predictions } from '../predictions.ts';

/** How samples were drawn, which decides how much they say about others: one by one, or whole clusters of them. */
export interface Sampling {
  /** What was drawn independently: samples or clusters. */
  units: number;
  noun: 'samples' | 'clusters';
  /** The unit of each sample, from 0. */
  unitOf: Int32Array;
  /** Sum of the values of each unit. */
  total: (values: Float64Array) => Float64Array;
  /** A statistic of samples as one that is resampled by units. */
  statistic: (compute: ResampledStatistic['compute']) => ResampledStatistic;
  /** Names the sampling in the method of an interval. */
  describe: (interval: Interval) => Interval;
}

/** The sampling of predictions; null for a single cluster, which says nothing about others. */
export function samplingOf({ ids, clusters }: Pick<Predictions, 'ids' | 'clusters'>): Sampling | null {
  if (clusters === undefined) return oneByOne(ids.length);
  const clustering = clusteringOf(clusters.names);
  const { count } = clustering;
  return count < 2
    ? null
    : byCluster(clustering, `clustered by ${clusters.by} (n=${ids.length}, clusters=${count})`);
}

function oneByOne(samples: number): Sampling {
  return {
    units: samples,
    noun: 'samples',
    unitOf: new Int32Array(samples).map((_, sample) => sample),
    total: (values) => values,
    statistic: (compute) => ({ samples, compute }),
    describe: (interval) => interval,
  };
}

function byCluster(clusters: Clustering, note: string): Sampling {
  return {
    units: clusters.count,
    noun: 'clusters',
    unitOf: clusters.of,
    total: (values) => clusterTotals(values, clusters),
    statistic: (compute) => byClusters(compute, clusters),
    describe: (interval) => ({ ...interval, method: `${interval.method} ${note}` }),
  };
}
