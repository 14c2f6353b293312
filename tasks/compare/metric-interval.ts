import { bootstrapInterval } from '../../core/statistics/bootstrap.ts';
import { meanInterval } from '../../core/statistics/mean-interval.ts';
import { wilsonInterval } from '../../core/statistics/wilson.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import type { IntervalSettings } from './difference-interval.ts';
import { replicatesFor } from './replicates.ts';
import { areHits, plainScores } from './sample-scores.ts';
import { takeSamples } from './take-samples.ts';

/**
 * Confidence interval of a metric by itself, kept inside its range: Wilson's for hits and misses, Student's t for other
 * means, the bootstrap for the rest. Null where there are too few samples for one.
 */
export function metricInterval(
  metric: Metric,
  predictions: Predictions,
  settings: IntervalSettings,
): Interval | null {
  const scores = plainScores(metric, predictions);
  const interval =
    scores === null
      ? resampledInterval(metric, predictions, settings)
      : scoresInterval(scores, settings.level);
  if (interval === null) return null;
  const [least, most] = metric.range;
  return { ...interval, low: Math.max(least, interval.low), high: Math.min(most, interval.high) };
}

function scoresInterval(scores: Float64Array, level: number): Interval | null {
  if (scores.length === 0) return null;
  if (!areHits(scores)) return meanInterval(scores, level);
  const hits = scores.reduce((sum, score) => sum + score, 0);
  return wilsonInterval(hits, scores.length, level);
}

function resampledInterval(
  metric: Metric,
  predictions: Predictions,
  { level, seed }: IntervalSettings,
): Interval | null {
  const samples = predictions.ids.length;
  const compute = (indices: Int32Array): number | null =>
    metric.compute(takeSamples(predictions, indices)).value;
  const settings = { method: 'bca', replicates: replicatesFor(samples), seed, level } as const;
  return bootstrapInterval({ samples, compute }, settings);
}
