import { areaDifferenceInterval, estimateArea } from '../../core/statistics/delong.ts';
import { mcnemar } from '../../core/statistics/mcnemar.ts';
import { meanInterval } from '../../core/statistics/mean-interval.ts';
import { tangoInterval } from '../../core/statistics/tango.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { aucQuestions } from './auc-questions.ts';
import { readsOnlyDecisions } from './decisions.ts';
import { resampledMetric } from './resampled-metric.ts';
import { type IntervalSettings, resampledMean, resamplingInterval } from './resampling-interval.ts';
import { areIdentical } from './same-samples.ts';
import { hitValue, plainScores } from './sample-scores.ts';
import { allowForUnseenFlips, flipEffect } from './unseen-flips.ts';

/** A metric that is defined on two predictions of the same samples, and its difference, variant - baseline. */
export interface Pair {
  metric: Metric;
  baseline: Predictions;
  variant: Predictions;
  difference: number;
}

/** A paired interval of the difference, and a sentence on it where there is something to say. */
export interface Evidence {
  interval: Interval | null;
  note: string | null;
  /** What one flip changes, times the number of samples; 0 where the metric does not move one flip at a time. */
  flipEffect: number;
}

/** From here on the mean of the differences is normal enough for Student's t, and resampling takes long. */
const manySamples = 1000;

/** Keeps the false passes of Tango's interval at their nominal rate. */
const quarterSample = 0.25;

/** Picks the method by what the metric is; `docs/comparison.md` says which and why. */
export function differenceInterval(pair: Pair, settings: IntervalSettings): Evidence {
  if (areIdentical(pair.baseline, pair.variant)) return identical(settings);
  const evidence = fromHits(pair, settings) ?? fromOutputs(pair, settings);
  const { interval, note } = evidence;
  if (interval === null || note !== null || interval.low < interval.high) return evidence;
  return { ...evidence, note: 'The metric is the same on every sample, so the interval has no width.' };
}

function identical({ level }: IntervalSettings): Evidence {
  const interval = { low: 0, high: 0, level, method: 'identical outputs' };
  return { interval, note: 'Every output equals the baseline to the last bit.', flipEffect: 0 };
}

function fromHits({ metric, baseline, variant }: Pair, { level }: IntervalSettings): Evidence | null {
  const [before, after] = [plainScores(metric, baseline), plainScores(metric, variant)];
  if (before === null || after === null) return null;
  const hit = hitValue(metric, before, after);
  if (hit === null) return null;
  const n = before.length;
  const onlyBaseline = before.filter((score, index) => score > after[index]!).length;
  const onlyVariant = before.filter((score, index) => score < after[index]!).length;
  const shares = tangoInterval({ n, onlyBaseline, onlyVariant }, level, quarterSample);
  const { exact } = mcnemar(onlyBaseline, onlyVariant);
  return {
    interval: { ...shares, low: hit * shares.low, high: hit * shares.high },
    note: `It lost ${onlyBaseline} and gained ${onlyVariant} of ${n} samples (McNemar's exact p is ${Number(exact.toPrecision(2))}).`,
    flipEffect: hit,
  };
}

function fromOutputs(pair: Pair, settings: IntervalSettings): Evidence {
  const { metric, variant, difference } = pair;
  const interval = fromAreas(pair, settings) ?? fromScores(pair, settings) ?? fromResampling(pair, settings);
  if (interval === null || !readsOnlyDecisions(metric, variant))
    return { interval, note: null, flipEffect: 0 };
  const stepped = {
    interval,
    estimate: difference,
    flipEffect: flipEffect(metric, variant),
    samples: variant.ids.length,
  };
  return { interval: allowForUnseenFlips(stepped), note: null, flipEffect: stepped.flipEffect };
}

function fromAreas({ metric, baseline, variant }: Pair, { level }: IntervalSettings): Interval | null {
  const [before, after] = [aucQuestions(metric, baseline), aucQuestions(metric, variant)];
  if (before === null || after === null) return null;
  const samples = variant.ids.length;
  return areaDifferenceInterval(estimateArea(before, samples), estimateArea(after, samples), level);
}

function fromScores({ metric, baseline, variant }: Pair, settings: IntervalSettings): Interval | null {
  const [before, after] = [plainScores(metric, baseline), plainScores(metric, variant)];
  if (before === null || after === null) return null;
  const differences = after.map((score, index) => score - before[index]!);
  if (differences.length >= manySamples) return meanInterval(differences, settings.level);
  return resamplingInterval(resampledMean(differences), settings);
}

function fromResampling({ metric, baseline, variant }: Pair, settings: IntervalSettings): Interval | null {
  const [before, after] = [resampledMetric(metric, baseline), resampledMetric(metric, variant)];
  const compute = (indices: Int32Array): number | null => {
    const [first, second] = [before(indices), after(indices)];
    return first === null || second === null ? null : second - first;
  };
  return resamplingInterval({ samples: baseline.ids.length, compute }, settings);
}
