import { spreadOf, type Spread } from '../../core/statistics/influence.ts';
import { type Side, unitsForSkewness } from '../../core/statistics/skewed-interval.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { type End, type Evidence, finding, noEvidence } from './evidence.ts';
import { hasWidth } from './has-width.ts';
import type { Influences } from './influences.ts';
import { noWidth, tooLarge } from './no-interval-reasons.ts';
import { type Reach, skewedReachOf, steppedReachOf } from './reach.ts';
import type { Sampling } from './sampling.ts';
import { stepEffect } from './step-effect.ts';

/** A difference and what each unit adds to its error. */
export interface Influenced {
  metric: Metric;
  variant: Predictions;
  sampling: Sampling;
  difference: number;
  influences: Influences;
  /** How far beyond each end the truth may lie on account of noise that the metric adds up without its sign. */
  bias: Record<Side, number>;
}

/** The intervals that the influences of samples give, by what the metric reads of the outputs (`docs/comparison.md`). */
export function influenceEvidence(influenced: Influenced): Evidence {
  const { metric, variant, sampling, difference, influences } = influenced;
  const spread = spreadOf(influences.values, influences);
  const isStepped = metric.reads !== 'values';
  const reach = isStepped
    ? steppedReachOf(spread, stepEffect(metric, variant) / sampling.units)
    : skewedReachOf(spread);
  const least = reach.to('high', 0.5);
  if (!Number.isFinite(least)) return noEvidence(tooLarge);
  if (!hasWidth({ low: 0, high: least }, difference)) return noEvidence(noWidth);
  const samples = variant.ids.length;
  return (level) => {
    const end = (side: Side): End => ({
      growth: reach.growth(side) * samples,
      samplesToTrust: isStepped ? null : samplesToTrust({ spread, side, samples }, level),
    });
    const ends = { low: end('low'), high: end('high') };
    const needed = Math.max(ends.low.samplesToTrust ?? 0, ends.high.samplesToTrust ?? 0);
    return finding(intervalAt(influenced, reach, level), { note: skewNote(needed), ends });
  };
}

function samplesToTrust(
  { spread, side, samples }: { spread: Spread; side: Side; samples: number },
  level: number,
): number | null {
  const units = unitsForSkewness(spread, side, level);
  return units === null ? null : Math.ceil((units * samples) / spread.units);
}

function skewNote(needed: number): string | null {
  if (needed === 0) return null;
  return `A few samples make up most of it, so the interval reaches three times as far as it would from about ${needed} samples on.`;
}

/** A statistic that lies too high by the jackknife leaves more room below it. */
function intervalAt(influenced: Influenced, reach: Reach, level: number): Interval {
  const { sampling, difference, influences, bias } = influenced;
  const below = reach.to('low', level) + bias.low + Math.max(0, influences.bias);
  const above = reach.to('high', level) + bias.high + Math.max(0, -influences.bias);
  const method = `${prefixes[influences.method]}${reach.method} (n=${influences.values.length})`;
  return sampling.describe({ low: difference - below, high: difference + above, level, method });
}

const prefixes = { mean: '', delong: 'delong ', jackknife: 'jackknife ' } as const;
