import { bootstrapInterval } from '../../core/statistics/bootstrap.ts';
import { delongInterval } from '../../core/statistics/delong.ts';
import { mcnemar } from '../../core/statistics/mcnemar.ts';
import { meanInterval } from '../../core/statistics/mean-interval.ts';
import { tangoInterval } from '../../core/statistics/tango.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Metric } from '../metric.ts';
import type { ClassificationPredictions, Predictions } from '../predictions.ts';
import { replicatesFor } from './replicates.ts';
import { areIdentical } from './same-samples.ts';
import { areHits, plainScores } from './sample-scores.ts';
import { takeSamples } from './take-samples.ts';

/** A metric and two predictions of the same samples. */
export interface Pair {
  metric: Metric;
  baseline: Predictions;
  variant: Predictions;
}

export interface IntervalSettings {
  level: number;
  seed: number;
}

/** A paired interval of variant - baseline, and a sentence on it where there is something to say. */
export interface Evidence {
  interval: Interval | null;
  note: string | null;
}

/** From here on the mean of the differences is normal enough for Student's t, and resampling takes long. */
const manySamples = 1000;

/** Picks the method by what the metric is; `docs/comparison.md` says which and why. */
export function differenceInterval(pair: Pair, settings: IntervalSettings): Evidence {
  if (areIdentical(pair.baseline, pair.variant)) return identical(settings);
  const evidence = fromScores(pair, settings) ?? fromAuc(pair, settings) ?? fromResampling(pair, settings);
  if (evidence.note !== null || evidence.interval === null) return evidence;
  const isPoint = evidence.interval.low === evidence.interval.high;
  return {
    ...evidence,
    note: isPoint ? 'No sample tells the two apart, so the interval has no width.' : null,
  };
}

function identical({ level }: IntervalSettings): Evidence {
  const interval = { low: 0, high: 0, level, method: 'identical outputs' };
  return { interval, note: 'Every output equals the baseline to the last bit.' };
}

function fromScores({ metric, baseline, variant }: Pair, settings: IntervalSettings): Evidence | null {
  const [before, after] = [plainScores(metric, baseline), plainScores(metric, variant)];
  if (before === null || after === null) return null;
  if (areHits(before) && areHits(after)) return fromHits(before, after, settings.level);
  const differences = after.map((score, index) => score - before[index]!);
  return { interval: meanDifferenceInterval(differences, settings), note: null };
}

function fromHits(before: Float64Array, after: Float64Array, level: number): Evidence {
  const onlyBaseline = before.filter((score, index) => score > after[index]!).length;
  const onlyVariant = before.filter((score, index) => score < after[index]!).length;
  const { exact } = mcnemar(onlyBaseline, onlyVariant);
  return {
    interval: tangoInterval({ n: before.length, onlyBaseline, onlyVariant }, level),
    note: `Lost ${onlyBaseline} and gained ${onlyVariant} of ${before.length} samples (McNemar exact p ${Number(exact.toPrecision(2))}).`,
  };
}

function meanDifferenceInterval(
  differences: Float64Array,
  { level, seed }: IntervalSettings,
): Interval | null {
  if (differences.length >= manySamples) return meanInterval(differences, level);
  const compute = (indices: Int32Array): number => {
    let sum = 0;
    for (const index of indices) sum += differences[index]!;
    return sum / indices.length;
  };
  const replicates = replicatesFor(differences.length);
  return bootstrapInterval(
    { samples: differences.length, compute },
    { method: 'bca', replicates, seed, level },
  );
}

/** The area under the ROC curve of two labels has its own paired variance. */
function fromAuc({ metric, baseline, variant }: Pair, { level }: IntervalSettings): Evidence | null {
  if (metric.id !== 'roc-auc' || baseline.kind !== 'classification' || variant.kind !== 'classification')
    return null;
  if (baseline.labels.length !== 2 || 'weights' in baseline) return null;
  const scores = {
    isPositive: Array.from(baseline.expected, (label) => label === 1),
    baseline: positiveScores(baseline),
    variant: positiveScores(variant),
  };
  return { interval: delongInterval(scores, level), note: null };
}

function positiveScores({ probabilities }: ClassificationPredictions): Float64Array {
  return probabilities.filter((_, index) => index % 2 === 1);
}

function fromResampling({ metric, baseline, variant }: Pair, { level, seed }: IntervalSettings): Evidence {
  const samples = baseline.ids.length;
  const compute = (indices: Int32Array): number | null => {
    const before = metric.compute(takeSamples(baseline, indices)).value;
    const after = metric.compute(takeSamples(variant, indices)).value;
    return before === null || after === null ? null : after - before;
  };
  const settings = { method: 'bca', replicates: replicatesFor(samples), seed, level } as const;
  return { interval: bootstrapInterval({ samples, compute }, settings), note: null };
}
