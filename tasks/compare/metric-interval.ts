import { areaInterval, estimateArea } from '../../core/statistics/delong.ts';
import { wilsonInterval } from '../../core/statistics/wilson.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { resampledMetric } from './resampled-metric.ts';
import { type IntervalSettings, resamplingInterval } from './resampling-interval.ts';
import { hitValue, plainScores } from './sample-scores.ts';
import { samplingOf, type Sampling } from './sampling.ts';
import { allowForUnseenFlips, flipEffect } from './unseen-flips.ts';

/**
 * Confidence interval of a metric by itself, kept inside its range: Wilson's for hits and misses, Student's t for other
 * means, DeLong's for the area under the ROC curve, the bootstrap for the rest. Null where the metric is undefined, has
 * too few samples or is one that no resample tells about, and where all resamples agree, which says nothing about other samples. Where samples come in clusters,
 * each takes them so, and says it in its method.
 */
export function metricInterval(
  metric: Metric,
  predictions: Predictions,
  settings: IntervalSettings,
): Interval | null {
  const { value } = metric.compute(predictions);
  if (value === null || metric.noInterval !== undefined) return null;
  const sampling = samplingOf(predictions);
  if (sampling === null) return null;
  const interval = sampling.describe(unlimited({ metric, predictions, value, sampling }, settings));
  if (interval === null || !(interval.low < interval.high)) return null;
  const [least, most] = metric.range;
  return { ...interval, low: Math.max(least, interval.low), high: Math.min(most, interval.high) };
}

interface Measured {
  metric: Metric;
  predictions: Predictions;
  value: number;
  sampling: Sampling;
}

function unlimited(measured: Measured, settings: IntervalSettings): Interval | null {
  const { metric, predictions, value, sampling } = measured;
  const scores = plainScores(metric, predictions);
  if (scores !== null) return fromScores(measured, scores, settings.level);
  const questions = metric.areaQuestions?.(predictions);
  const samples = predictions.ids.length;
  if (questions != null)
    return areaInterval(sampling.area(estimateArea(questions, samples), settings.level), settings.level);
  const interval = resamplingInterval(sampling.statistic(resampledMetric(metric, predictions)), settings);
  if (interval === null || metric.reads !== 'decisions') return interval;
  return allowForUnseenFlips({
    interval,
    estimate: value,
    flipEffect: flipEffect(metric, predictions),
    samples: sampling.units,
  });
}

function fromScores({ metric, sampling }: Measured, scores: Float64Array, level: number): Interval | null {
  const hit = hitValue(metric, scores);
  if (hit === null) return sampling.mean(scores, level);
  const size = sampling.sizeFor(scores, level);
  const hits = scores.filter((score) => score > 0).length;
  const shares = wilsonInterval(hits * (size / scores.length), size, level);
  return { ...shares, low: hit * shares.low, high: hit * shares.high };
}
