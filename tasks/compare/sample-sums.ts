import type { Metric, SampleSums } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { sampleScores, weightsOf } from './sample-scores.ts';

/** What each sample adds to a metric: its weighted score and its weight, or sums of the metric's own; null where it has neither. */
export function sampleSums(metric: Metric, predictions: Predictions): SampleSums | null {
  const weights = weightsOf(predictions);
  const scores = sampleScores(metric, predictions);
  if (scores !== null) return scoreSums(scores, weights);
  return weights === undefined ? (metric.sampleSums?.(predictions) ?? null) : null;
}

function scoreSums(scores: Float64Array, weights: Float64Array | undefined): SampleSums {
  return {
    width: 2,
    addTo: (sums, start, sample) => {
      const weight = weights === undefined ? 1 : weights[sample]!;
      sums[start]! += weight * scores[sample]!;
      sums[start + 1]! += weight;
    },
    metricOf: ([sum = NaN, weight = NaN]) => sum / weight,
  };
}

/** The sums of the samples at `indices`, each as often as it comes up there. */
export function sumAt(statistics: SampleSums, indices: Int32Array): Float64Array {
  const sums = new Float64Array(statistics.width);
  for (const sample of indices) statistics.addTo(sums, 0, sample);
  return sums;
}
