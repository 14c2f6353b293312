import { areaDifferenceInterval, estimateArea, type AreaEstimate } from '../../core/statistics/delong.ts';
import { tangoInterval } from '../../core/statistics/tango.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { resampledMetric } from './resampled-metric.ts';
import { type IntervalSettings, meanAt, resamplingInterval } from './resampling-interval.ts';
import { areIdentical } from './same-samples.ts';
import { hitValue, plainScores } from './sample-scores.ts';
import { samplingOf, type Sampling } from './sampling.ts';
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

/** From so many samples or clusters on the mean of the differences is normal enough for Student's t, and resampling takes long. */
const manyUnits = 1000;

/** With fewer samples or clusters a bootstrap passes what is as bad as the margin too often (`docs/comparison.md`). */
const fewestUnits = 30;

const oneCluster = 'All samples are of one cluster, which says nothing about others.';

const noWidth =
  'The outputs differ but no sample shows a difference of the metric, so nothing tells how far others would differ.';

/** Keeps the false passes of Tango's interval at their nominal rate. */
const quarterSample = 0.25;

/** Picks the method by what the metric is; `docs/comparison.md` says which and why. */
export function differenceInterval(pair: Pair, settings: IntervalSettings): Evidence {
  if (areIdentical(pair.baseline, pair.variant)) return identical(settings);
  const { noInterval: never } = pair.metric;
  if (never !== undefined) return noInterval(never);
  const sampling = samplingOf(pair.baseline);
  if (sampling === null) return noInterval(oneCluster);
  const sampled = { ...pair, sampling };
  const evidence = fromHits(sampled, settings) ?? fromOutputs(sampled, settings);
  const interval = sampling.describe(evidence.interval);
  return interval === null || hasWidth(interval) ? { ...evidence, interval } : noInterval(noWidth);
}

/** Whether the ends of an interval differ by more than rounding. */
function hasWidth({ low, high }: Interval): boolean {
  return high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high));
}

function noInterval(note: string): Evidence {
  return { interval: null, note, flipEffect: 0 };
}

function identical({ level }: IntervalSettings): Evidence {
  const interval = { low: 0, high: 0, level, method: 'identical outputs' };
  return { interval, note: 'Every output equals the baseline to the last bit.', flipEffect: 0 };
}

interface SampledPair extends Pair {
  sampling: Sampling;
}

function fromHits(
  { metric, baseline, variant, sampling }: SampledPair,
  { level, seed }: IntervalSettings,
): Evidence | null {
  const [before, after] = [plainScores(metric, baseline), plainScores(metric, variant)];
  if (before === null || after === null) return null;
  const hit = hitValue(metric, before, after);
  if (hit === null) return null;
  const n = before.length;
  const changes = after.map((score, index) => Math.sign(score - before[index]!));
  const [falls, rises] = [countOf(changes, -1), countOf(changes, 1)];
  const size = sampling.sizeFor(changes, level);
  const outcomes = { n: size, onlyBaseline: falls * (size / n), onlyVariant: rises * (size / n) };
  const shares = tangoInterval(outcomes, level, quarterSample);
  const [lost, gained] = metric.direction === 'lower-is-better' ? [rises, falls] : [falls, rises];
  return {
    interval: { ...shares, low: hit * shares.low, high: hit * shares.high },
    note: `It lost ${lost} and gained ${gained} of ${n} samples (${sampling.describeFlips(changes, seed)}).`,
    flipEffect: hit * (n / size),
  };
}

function countOf(changes: Float64Array, change: number): number {
  return changes.filter((found) => found === change).length;
}

function fromOutputs(pair: SampledPair, settings: IntervalSettings): Evidence {
  const { metric, variant, difference, sampling } = pair;
  const areas = fromAreas(pair, settings);
  if (areas === null && sampling.units < fewestUnits) return noInterval(tooFewUnits(sampling));
  const interval = areas ?? fromScores(pair, settings) ?? fromResampling(pair, settings);
  if (interval === null || metric.reads !== 'decisions') return { interval, note: null, flipEffect: 0 };
  const effect = flipEffect(metric, variant);
  const stepped = { interval, estimate: difference, flipEffect: effect, samples: sampling.units };
  return {
    interval: allowForUnseenFlips(stepped),
    note: null,
    flipEffect: effect * (variant.ids.length / sampling.units),
  };
}

function tooFewUnits({ units, noun }: Sampling): string {
  return `A bootstrap decides from ${fewestUnits} ${noun} on; there are ${units}.`;
}

function fromAreas(
  { metric, baseline, variant, sampling }: SampledPair,
  { level }: IntervalSettings,
): Interval | null {
  const [before, after] = [metric.areaQuestions?.(baseline), metric.areaQuestions?.(variant)];
  if (before == null || after == null) return null;
  const [first, second] = [before, after].map((questions) =>
    sampling.area(estimateArea(questions, variant.ids.length), level),
  ) as [AreaEstimate, AreaEstimate];
  return areaDifferenceInterval(first, second, level);
}

function fromScores(
  { metric, baseline, variant, sampling }: SampledPair,
  settings: IntervalSettings,
): Interval | null {
  const [before, after] = [plainScores(metric, baseline), plainScores(metric, variant)];
  if (before === null || after === null) return null;
  const differences = after.map((score, index) => score - before[index]!);
  if (sampling.units >= manyUnits) return sampling.mean(differences, settings.level);
  return resamplingInterval(sampling.statistic(meanAt(differences)), settings);
}

function fromResampling(
  { metric, baseline, variant, sampling }: SampledPair,
  settings: IntervalSettings,
): Interval | null {
  const [before, after] = [resampledMetric(metric, baseline), resampledMetric(metric, variant)];
  const compute = (indices: Int32Array): number | null => {
    const [first, second] = [before(indices), after(indices)];
    return first === null || second === null ? null : second - first;
  };
  return resamplingInterval(sampling.statistic(compute), settings);
}
