import type { Metric } from '../metric.ts';
import type { ClassificationPredictions, Predictions } from '../predictions.ts';
import { readsOnlyDecisions } from './decisions.ts';
import { sampleSums, sumAt } from './sample-sums.ts';
import { takeSamples } from './take-samples.ts';

/** A metric as a function of the samples it is computed on, given by their indices. */
export type ResampledMetric = (indices: Int32Array) => number | null;

/**
 * Computes a metric on resamples: from its sums or by counting pairs of classes where either is all it reads, else on copied
 * predictions.
 */
export function resampledMetric(metric: Metric, predictions: Predictions): ResampledMetric {
  const sums = sampleSums(metric, predictions);
  if (sums !== null) return (indices) => defined(sums.metricOf(sumAt(sums, indices)));
  const isCountable =
    predictions.kind === 'classification' &&
    !('weights' in predictions) &&
    readsOnlyDecisions(metric, predictions);
  if (isCountable) return countedMetric(metric, predictions);
  return (indices) => metric.compute(takeSamples(predictions, indices)).value;
}

function defined(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/**
 * One row for each pair of expected and predicted class that a resample has, weighted by how many of its samples do. A row of
 * weight 0 would keep a class among those that occur.
 */
function countedMetric(metric: Metric, predictions: ClassificationPredictions): ResampledMetric {
  const { expected, predicted, labels } = predictions;
  const firstOfPair = new Map<number, number>();
  const rows: number[] = [];
  const rowOf = expected.map((label, sample) => {
    const pair = label * labels.length + predicted[sample]!;
    const row = firstOfPair.get(pair) ?? rows.push(sample) - 1;
    firstOfPair.set(pair, row);
    return row;
  });
  const distinct = takeSamples(predictions, Int32Array.from(rows));
  return (indices) => {
    const counts = new Float64Array(rows.length);
    for (const sample of indices) counts[rowOf[sample]!]! += 1;
    const drawn = Int32Array.from(counts.keys()).filter((row) => counts[row] !== 0);
    const weights = counts.filter((count) => count !== 0);
    return metric.compute({ ...takeSamples(distinct, drawn), weights }).value;
  };
}
