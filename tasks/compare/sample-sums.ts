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
  const rows = new Float64Array(2 * scores.length);
  for (const [sample, score] of scores.entries()) {
    const weight = weights?.[sample] ?? 1;
    rows.set([weight * score, weight], 2 * sample);
  }
  return { width: 2, rows, metricOf: ([sum = NaN, weight = NaN]) => sum / weight };
}

/** Adds up the rows of the samples at `indices`. */
export function sumAt({ rows, width }: SampleSums, indices: Int32Array): Float64Array {
  const sums = new Float64Array(width);
  for (const sample of indices)
    for (let column = 0; column < width; column++) sums[column]! += rows[sample * width + column]!;
  return sums;
}
