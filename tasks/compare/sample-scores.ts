import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';

/** One score a sample whose plain mean is the metric; null where it has none, or where samples weigh differently. */
export function plainScores(metric: Metric, predictions: Predictions): Float64Array | null {
  if ('weights' in predictions) return null;
  const scores = metric.sampleScores?.(predictions);
  return scores?.length === predictions.ids.length ? scores : null;
}

/** Whether every score is a plain hit or miss. */
export function areHits(scores: Float64Array): boolean {
  return scores.every((score) => score === 0 || score === 1);
}
