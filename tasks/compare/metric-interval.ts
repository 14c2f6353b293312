import { areaInterval, estimateArea } from '../../core/statistics/delong.ts';
import { meanInterval } from '../../core/statistics/mean-interval.ts';
import { wilsonInterval } from '../../core/statistics/wilson.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { aucQuestions } from './auc-questions.ts';
import { readsOnlyDecisions } from './decisions.ts';
import { resampledMetric } from './resampled-metric.ts';
import { type IntervalSettings, resamplingInterval } from './resampling-interval.ts';
import { hitValue, plainScores } from './sample-scores.ts';
import { allowForUnseenFlips, flipEffect } from './unseen-flips.ts';

/**
 * Confidence interval of a metric by itself, kept inside its range: Wilson's for hits and misses, Student's t for other
 * means, DeLong's for the area under the ROC curve, the bootstrap for the rest. Null where the metric is undefined or has
 * too few samples, and where all resamples agree, which says nothing about other samples.
 */
export function metricInterval(
  metric: Metric,
  predictions: Predictions,
  settings: IntervalSettings,
): Interval | null {
  const { value } = metric.compute(predictions);
  if (value === null) return null;
  const interval = unlimited({ metric, predictions, value }, settings);
  if (interval === null || !(interval.low < interval.high)) return null;
  const [least, most] = metric.range;
  return { ...interval, low: Math.max(least, interval.low), high: Math.min(most, interval.high) };
}

interface Measured {
  metric: Metric;
  predictions: Predictions;
  value: number;
}

function unlimited(measured: Measured, settings: IntervalSettings): Interval | null {
  const { metric, predictions, value } = measured;
  const scores = plainScores(metric, predictions);
  if (scores !== null) return fromScores(measured, scores, settings.level);
  const questions = aucQuestions(metric, predictions);
  const samples = predictions.ids.length;
  if (questions !== null) return areaInterval(estimateArea(questions, samples), settings.level);
  const interval = resamplingInterval({ samples, compute: resampledMetric(metric, predictions) }, settings);
  if (interval === null || !readsOnlyDecisions(metric, predictions)) return interval;
  return allowForUnseenFlips({
    interval,
    estimate: value,
    flipEffect: flipEffect(metric, predictions),
    samples,
  });
}

function fromScores({ metric }: Measured, scores: Float64Array, level: number): Interval | null {
  const hit = hitValue(metric, scores);
  if (hit === null) return meanInterval(scores, level);
  const shares = wilsonInterval(scores.filter((score) => score > 0).length, scores.length, level);
  return { ...shares, low: hit * shares.low, high: hit * shares.high };
}
