import type { ResampledStatistic } from '../../core/statistics/bootstrap.ts';
import { clusteredArea } from '../../core/statistics/clustered-area.ts';
import { clusteredMcnemarP } from '../../core/statistics/clustered-mcnemar.ts';
import { clusteredMeanInterval } from '../../core/statistics/clustered-mean-interval.ts';
import { byClusters } from '../../core/statistics/clustered-resampling.ts';
import { clusteredSampleSize } from '../../core/statistics/clustered-sample-size.ts';
import { clusteringOf, clusterTotals, type Clustering } from '../../core/statistics/clusters.ts';
import type { AreaEstimate } from '../../core/statistics/delong.ts';
import { mcnemar } from '../../core/statistics/mcnemar.ts';
import { meanInterval } from '../../core/statistics/mean-interval.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Predictions } from '../predictions.ts';

/** How samples were drawn, which decides how much they say about others: one by one, or whole clusters of them. */
export interface Sampling {
  /** What was drawn independently: samples or clusters. */
  units: number;
  noun: 'samples' | 'clusters';
  /** How many samples drawn one by one would say as much about the mean of these scores. */
  sizeFor: (scores: Float64Array, level: number) => number;
  mean: (scores: Float64Array, level: number) => Interval | null;
  /** An area whose influences are those of the units, for an interval of a level. */
  area: (estimate: AreaEstimate, level: number) => AreaEstimate;
  /** A statistic of samples as one that is resampled by units. */
  statistic: (compute: ResampledStatistic['compute']) => ResampledStatistic;
  /** p that flips in one direction are no commoner than in the other, in words; `gains` are 1, 0 or -1 a sample. */
  describeFlips: (gains: Float64Array, seed: number) => string;
  /** Names the sampling in the method of an interval. */
  describe: (interval: Interval | null) => Interval | null;
}

/** The sampling of predictions; null for a single cluster, which says nothing about others. */
export function samplingOf({ ids, clusters }: Predictions): Sampling | null {
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
    sizeFor: () => samples,
    mean: meanInterval,
    area: (estimate) => estimate,
    statistic: (compute) => ({ samples, compute }),
    describeFlips: (gains) => {
      const [lost, gained] = [
        gains.filter((gain) => gain < 0).length,
        gains.filter((gain) => gain > 0).length,
      ];
      const { exact, midP } = mcnemar(lost, gained);
      return `McNemar's exact p is ${written(exact)}, its mid-p ${written(midP)}`;
    },
    describe: (interval) => interval,
  };
}

function byCluster(clusters: Clustering, note: string): Sampling {
  return {
    units: clusters.count,
    noun: 'clusters',
    sizeFor: (scores, level) => clusteredSampleSize(scores, clusters, level),
    mean: (scores, level) => clusteredMeanInterval(scores, clusters, level),
    area: (estimate, level) => clusteredArea(estimate, clusters, level),
    statistic: (compute) => byClusters(compute, clusters),
    describeFlips: (gains, seed) =>
      `p is ${written(clusteredMcnemarP(clusterTotals(gains, clusters), seed))} by flipping whole clusters`,
    describe: (interval) =>
      interval === null ? null : { ...interval, method: `${interval.method} ${note}` },
  };
}

function written(p: number): number {
  return Number(p.toPrecision(2));
}
