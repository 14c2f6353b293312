import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { countedMetric } from './counted-metric.ts';
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
  return (
    countedMetric(metric, predictions) ??
    ((indices) => metric.compute(takeSamples(predictions, indices)).value)
  );
}

function defined(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
