import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';

/** One score a sample whose plain mean is the metric; null where it has none, or where samples weigh differently. */
export function plainScores(metric: Metric, predictions: Predictions): Float64Array | null {
  return weightsOf(predictions) === undefined ? sampleScores(metric, predictions) : null;
}

/** How much each sample counts; undefined where all count alike. */
export function weightsOf(predictions: Predictions): Float64Array | undefined {
  return 'weights' in predictions ? predictions.weights : undefined;
}

/** One score a sample whose mean, weighted where samples are, is the metric; null where it has none. */
export function sampleScores(metric: Metric, predictions: Predictions): Float64Array | null {
  const scores = metric.sampleScores?.(predictions);
  return scores?.length === predictions.ids.length ? scores : null;
}

/** What a hit counts where every score is a plain hit or miss, e.g. 1 or 100; null for scores in between. */
export function hitValue(metric: Metric, ...scores: readonly Float64Array[]): number | null {
  const [, most] = metric.range;
  if (most === Infinity) return null;
  return scores.every((column) => areHits(column, most)) ? most : null;
}

function areHits(scores: Float64Array, most: number): boolean {
  for (let sample = 0; sample < scores.length; sample++) {
    if (scores[sample] !== 0 && scores[sample] !== most) return false;
  }
  return true;
}
