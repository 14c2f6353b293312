import type { Metric, SampleSums } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { plainScores } from './sample-scores.ts';

/** What each sample adds to a metric, from its sums or its scores; null where it has neither, or where samples weigh differently. */
export function sampleSums(metric: Metric, predictions: Predictions): SampleSums | null {
  if ('weights' in predictions) return null;
  const scores = plainScores(metric, predictions);
  if (scores === null) return metric.sampleSums?.(predictions) ?? null;
  const rows = Float64Array.from({ length: 2 * scores.length }, (_, index) =>
    index % 2 === 0 ? scores[index / 2]! : 1,
  );
  return { width: 2, rows, metricOf: ([sum = NaN, count = NaN]) => sum / count };
}

/** Adds up the rows of the samples at `indices`. */
export function sumAt({ rows, width }: SampleSums, indices: Int32Array): Float64Array {
  const sums = new Float64Array(width);
  for (const sample of indices)
    for (let column = 0; column < width; column++) sums[column]! += rows[sample * width + column]!;
  return sums;
}
