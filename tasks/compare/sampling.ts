import type { ResampledStatistic } from '../../core/statistics/bootstrap.ts';
import { byClusters } from '../../core/statistics/clustered-resampling.ts';
import { clusteringOf, clusterTotals } from '../../core/statistics/clusters.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Predictions } from '../predictions.ts';

/** How samples were drawn, which decides how much they say about others: one by one, or whole clusters of them. */
export interface Sampling {
  /** What was drawn independently: samples or clusters. */
  units: number;
  /**
   * How many units that count alike would tell as much: (sum w)² / sum w² of the weights of units (Kish 1965, Survey Sampling), and all
   * of them where nothing is weighted.
   */
  effectiveUnits: number;
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
export function samplingOf(predictions: Drawn): Sampling | null {
  const { ids, clusters, weights } = predictions;
  const sampling = clusters === undefined ? oneByOne(ids.length) : byCluster(ids.length, clusters);
  if (sampling === null || weights === undefined) return sampling;
  return { ...sampling, effectiveUnits: kishSize(sampling.total(weights)) };
}

/** What of predictions says how their samples were drawn and count. */
type Drawn = Pick<Predictions, 'ids' | 'clusters'> & { weights?: Float64Array };

function kishSize(weights: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return (sum * sum) / squares;
}

function oneByOne(samples: number): Sampling {
  const unitOf = new Int32Array(samples);
  for (let sample = 0; sample < samples; sample++) unitOf[sample] = sample;
  return {
    units: samples,
    effectiveUnits: samples,
    noun: 'samples',
    unitOf,
    total: (values) => values,
    statistic: (compute) => ({ samples, compute }),
    describe: (interval) => interval,
  };
}

function byCluster(samples: number, { by, names }: NonNullable<Drawn['clusters']>): Sampling | null {
  const clusters = clusteringOf(names);
  const { count } = clusters;
  if (count < 2) return null;
  const note = `clustered by ${by} (n=${samples}, clusters=${count})`;
  return {
    units: count,
    effectiveUnits: count,
    noun: 'clusters',
    unitOf: clusters.of,
    total: (values) => clusterTotals(values, clusters),
    statistic: (compute) => byClusters(compute, clusters),
    describe: (interval) => ({ ...interval, method: `${interval.method} ${note}` }),
  };
}
