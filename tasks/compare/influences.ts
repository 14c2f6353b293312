import { estimateArea, type ScoredQuestion } from '../../core/statistics/delong.ts';
import { inflated, influencesOnMean, jackknifed } from '../../core/statistics/influence.ts';
import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { withoutEach } from './leave-out.ts';
import type { Pair } from './pair.ts';
import { plainScores } from './sample-scores.ts';
import type { Sampling } from './sampling.ts';

/** What each independent unit adds to the error of a metric; those of two metrics, subtracted, tell of their difference. */
export interface Influences {
  values: Float64Array;
  /** As many units as they tell about: fewer where the rarer kind of sample decides. */
  units: number;
  freedom: number;
  /** How far the metric lies off what it is of all samples, as far as leaving some out can tell. */
  bias: number;
  method: 'delong' | 'mean' | 'jackknife';
}

/** A metric that is defined on predictions, and how their samples were drawn. */
export interface Measured {
  metric: Metric;
  predictions: Predictions;
  value: number;
  sampling: Sampling;
}

/** A pair, and how its samples were drawn. */
export interface SampledPair extends Pair {
  sampling: Sampling;
}

/**
 * The influences of samples on a metric, summed by cluster where they come in clusters: exact for means, DeLong's for areas under
 * the ROC curve, the jackknife's for the rest. Null where the metric is undefined without one of them.
 */
export function influencesOf(measured: Measured): Influences | null {
  const { metric, predictions, sampling } = measured;
  const questions = metric.areaQuestions?.(predictions) ?? null;
  if (questions !== null) return ofArea(questions, predictions.ids.length, sampling);
  const scores = plainScores(metric, predictions);
  return scores === null ? ofRest(measured) : influencesOfMean(scores, sampling);
}

/** Of the baseline, and of the variant. */
export function influencesOfPair(pair: SampledPair): [Influences | null, Influences | null] {
  const { metric, sampling, values, baseline, variant } = pair;
  return [
    influencesOf({ metric, predictions: baseline, value: values.before, sampling }),
    influencesOf({ metric, predictions: variant, value: values.after, sampling }),
  ];
}

type Questions = readonly ScoredQuestion[];

function ofArea(questions: Questions, samples: number, sampling: Sampling): Influences | null {
  const rarest = Math.min(...questions.map((question) => rarestKind(question, sampling)));
  if (rarest < 2) return null;
  const { influences } = estimateArea(questions, samples);
  const values = sampling.noun === 'samples' ? influences : inflated(sampling.total(influences));
  const units = Math.min(values.length, 2 * rarest);
  return { values, units, freedom: Math.min(units, rarest) - 1, bias: 0, method: 'delong' };
}

/** How many units have a row of the kind that fewer have, positive or not. */
function rarestKind({ isPositive, samples }: ScoredQuestion, { units, unitOf }: Sampling): number {
  const has = [new Uint8Array(units), new Uint8Array(units)] as const;
  for (let row = 0; row < isPositive.length; row++)
    has[isPositive[row] === 1 ? 1 : 0][unitOf[samples[row]!]!] = 1;
  return Math.min(...has.map((flags) => flags.reduce((sum, flag) => sum + flag, 0)));
}

/** The influences of samples on the mean of their scores. */
export function influencesOfMean(scores: Float64Array, sampling: Sampling): Influences {
  const values = inflated(sampling.total(influencesOnMean(scores)));
  return { values, units: values.length, freedom: values.length - 1, bias: 0, method: 'mean' };
}

function ofRest({ metric, predictions, value, sampling }: Measured): Influences | null {
  const without = withoutEach(metric, predictions, sampling);
  if (without === null) return null;
  const { influences: values, bias } = jackknifed(value, without);
  return { values, units: values.length, freedom: sampling.effectiveUnits - 1, bias, method: 'jackknife' };
}

/** The influences on the second metric less `share` times those on the first. */
export function contrast(first: Influences, second: Influences, share = 1): Influences {
  return {
    values: second.values.map((influence, unit) => influence - share * first.values[unit]!),
    units: Math.min(first.units, second.units),
    freedom: Math.min(first.freedom, second.freedom),
    bias: second.bias - share * first.bias,
    method: second.method,
  };
}
