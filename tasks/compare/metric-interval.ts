import { areaInterval } from '../../core/statistics/delong.ts';
import { spreadOf } from '../../core/statistics/influence.ts';
import { wilsonInterval } from '../../core/statistics/wilson.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { hasWidth } from './has-width.ts';
import { type Influences, influencesOf, influencesOfMean, type Measured } from './influences.ts';
import { skewedReachOf, steppedReachOf } from './reach.ts';
import { oneCluster, tooLarge } from './no-interval-reasons.ts';
import { resampledMetric } from './resampled-metric.ts';
import { resamplingIntervals } from './resampling.ts';
import { hitValue, plainScores, weightsOf } from './sample-scores.ts';
import { samplingOf, type Sampling } from './sampling.ts';
import { stepEffect } from './step-effect.ts';
import { allowForUnseenFlips } from './unseen-flips.ts';

export interface IntervalSettings {
  level: number;
  /** Of the resamples; the same seed gives the same interval. */
  seed: number;
}

/** Either the interval of a metric, or why there is none. */
type IntervalOrReason = { interval: Interval; reason: null } | { interval: null; reason: string };

/**
 * Confidence interval of a metric by itself, kept inside its range: Wilson's for hits and misses, a skew-adjusted t for other means,
 * DeLong's for the area under the ROC curve, the bootstrap for the rest. None, with the reason, where the metric is undefined, has too few samples
 * or is one that no resample tells about, and where all resamples agree, which says nothing about other samples. Where samples
 * come in clusters, each takes them so, and says it in its method.
 */
export function metricInterval(
  metric: Metric,
  predictions: Predictions,
  settings: IntervalSettings,
): IntervalOrReason {
  const { value, reason } = metric.compute(predictions);
  if (value === null) return none(reason);
  if (metric.noInterval !== undefined) return none(metric.noInterval);
  const sampling = samplingOf(predictions);
  if (sampling === null) return none(oneCluster);
  const interval = unlimited({ metric, predictions, value, sampling }, settings);
  if (interval === null) return none(whyNone({ metric, value, sampling }));
  if (!Number.isFinite(interval.high - interval.low)) return none(tooLarge);
  if (!hasWidth(interval, value)) return none(noSpread);
  const [least, most] = metric.range;
  const { low, high } = interval;
  const kept = { ...interval, low: Math.max(least, low), high: Math.min(most, high) };
  return { interval: sampling.describe(kept), reason: null };
}

const oneSample = 'An interval of this metric takes two samples; there is one.';
const undefinedOnParts = 'The metric is undefined on too many parts of the samples to tell how it spreads.';
const noSpread = 'All parts of the samples give the same value, so nothing tells how far others lie from it.';

function whyNone({ metric, value, sampling }: Omit<Measured, 'predictions'>): string {
  if (sampling.effectiveUnits < 2) return oneSample;
  return metric.range.includes(value) ? noSpread : undefinedOnParts;
}

function none(reason: string): IntervalOrReason {
  return { interval: null, reason };
}

function unlimited(measured: Measured, settings: IntervalSettings): Interval | null {
  const { metric, predictions, value, sampling } = measured;
  const scores = plainScores(metric, predictions);
  if (scores !== null) return fromScores(scores, measured, settings.level);
  if ((metric.areaQuestions?.(predictions) ?? null) !== null) {
    const influences = influencesOf(measured);
    if (influences === null) return null;
    const { values, freedom } = influences;
    return areaInterval({ area: value, influences: values, freedom }, settings.level);
  }
  if (isByInfluences(measured)) return fromInfluences(measured, settings.level);
  return sampling.effectiveUnits < fewestWeighted && sampling.effectiveUnits < sampling.units
    ? null
    : fromResampling(measured, settings);
}

/** From so many samples or clusters on, leaving each out once tells as much as resampling them a thousand times. */
const manyUnits = 2000;

/** Of weighted ones the bootstrap draws too often the same few that weigh most. */
function isByInfluences({ metric, predictions, sampling }: Measured): boolean {
  if (metric.needsBootstrap === true) return false;
  return sampling.units >= manyUnits || weightsOf(predictions) !== undefined;
}

const fewestWeighted = 30;

function fromScores(
  scores: Float64Array,
  { metric, value, sampling }: Measured,
  level: number,
): Interval | null {
  const hit = hitValue(metric, scores);
  if (hit !== null && sampling.noun === 'samples') {
    const shares = wilsonInterval(countHits(scores), scores.length, level);
    return { ...shares, low: hit * shares.low, high: hit * shares.high };
  }
  if (sampling.units < 2) return null;
  return spreadInterval(influencesOfMean(scores, sampling), { value, hit, sampling }, level);
}

function countHits(scores: Float64Array): number {
  let hits = 0;
  for (let sample = 0; sample < scores.length; sample++) if (scores[sample]! > 0) hits++;
  return hits;
}

/** `hit` is what one unit can change, times their number, of a metric that moves in steps. */
function spreadInterval(
  influences: Influences,
  {
    value,
    hit,
    sampling,
    bias = 0,
  }: { value: number; hit: number | null; sampling: Sampling; bias?: number },
  level: number,
): Interval {
  const spread = spreadOf(influences.values, influences);
  const reach = hit === null ? skewedReachOf(spread) : steppedReachOf(spread, hit / sampling.units);
  return {
    low: value - reach.to('low', level) - bias,
    high: value + reach.to('high', level),
    level,
    method: `${influences.method === 'jackknife' ? 'jackknife ' : ''}${reach.method} (n=${influences.values.length})`,
  };
}

function fromInfluences(measured: Measured, level: number): Interval | null {
  const { metric, predictions, value, sampling } = measured;
  const influences = influencesOf(measured);
  if (influences === null) return null;
  const hit = metric.reads === 'values' ? null : stepEffect(metric, predictions);
  const bias = metric.upwardBias?.(predictions) ?? 0;
  return spreadInterval(influences, { value, hit, sampling, bias }, level);
}

function fromResampling(measured: Measured, { level, seed }: IntervalSettings): Interval | null {
  const { metric, predictions, value, sampling } = measured;
  const statistic = sampling.statistic(resampledMetric(metric, predictions));
  const interval = resamplingIntervals(statistic, seed)?.(level) ?? null;
  if (interval === null) return null;
  if (metric.reads === 'decisions') {
    const step = stepEffect(metric, predictions) / sampling.units;
    return allowForUnseenFlips({ interval, estimate: value, step });
  }
  return { ...interval, low: interval.low - (metric.upwardBias?.(predictions) ?? 0) };
}
