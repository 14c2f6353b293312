import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { countedMetric, countsAt } from './counted-metric.ts';
import { sampleSums, sumAt } from './sample-sums.ts';
import { takeSamples } from './take-samples.ts';

/** A metric as a function of the samples it is computed on, given by their indices. */
export type ResampledMetric = (indices: Int32Array) => number | null;

/**
 * Computes a metric on resamples: from its sums or by counting sorts of samples where either is all it reads, else on copied
 * predictions.
 */
export function resampledMetric(metric: Metric, predictions: Predictions): ResampledMetric {
  const sums = sampleSums(metric, predictions);
  if (sums !== null) return (indices) => defined(sums.metricOf(sumAt(sums, indices)));
  const counted = countedMetric(metric, predictions);
  if (counted === null) return (indices) => metric.compute(takeSamples(predictions, indices)).value;
  const { sorts, sortOf, ofCounts } = counted;
  return (indices) => ofCounts(countsAt(indices, sortOf[0], sorts));
}

function defined(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
