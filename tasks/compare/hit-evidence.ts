import { type TangoCorrection, tangoInterval } from '../../core/statistics/tango.ts';
import type { Metric } from '../metric.ts';
import { type Evidence, finding } from './evidence.ts';
import type { Pair } from './pair.ts';
import { hitValue, plainScores } from './sample-scores.ts';

/** Keeps wrong verdicts by Tango's interval at their nominal rate (`tests/statistics/non-inferiority.test.ts`). */
export const correction: TangoCorrection = { nearer: 0.75, farther: 0.25 };

/** What each sample gained as a variant took the place of its baseline, 1, 0 or -1, of a metric where a hit counts `hit`. */
export interface Hits {
  gains: Float64Array;
  hit: number;
}

/** Null for a metric that is not a share of hits, and where samples weigh differently. */
export function hitsOf({
  metric,
  baseline,
  variant,
}: Pick<Pair, 'metric' | 'baseline' | 'variant'>): Hits | null {
  const [before, after] = [plainScores(metric, baseline), plainScores(metric, variant)];
  if (before === null || after === null) return null;
  const hit = hitValue(metric, before, after);
  return hit === null ? null : { gains: after.map((score, index) => Math.sign(score - before[index]!)), hit };
}

/** Tango's score intervals of a difference of shares of independent samples. */
export function hitEvidence({ gains, hit }: Hits): Evidence {
  const { falls, rises } = countHits(gains);
  const outcomes = { n: gains.length, onlyBaseline: falls, onlyVariant: rises };
  const end = { growth: hit, samplesToTrust: null };
  return (level) => {
    const shares = tangoInterval(outcomes, level, correction);
    const interval = { ...shares, low: hit * shares.low, high: hit * shares.high };
    return finding(interval, { ends: { low: end, high: end } });
  };
}

/** How many samples turned from right to wrong and from wrong to right, in words. */
export function describeHits({ direction }: Metric, { gains }: Hits): string {
  const { falls, rises } = countHits(gains);
  const [lost, gained] = direction === 'lower-is-better' ? [rises, falls] : [falls, rises];
  return `It lost ${lost} and gained ${gained} of ${gains.length} samples.`;
}

/** How many samples turned from a hit to a miss, and from a miss to a hit. */
export function countHits(gains: Float64Array): { falls: number; rises: number } {
  const countOf = (gain: number): number => gains.filter((found) => found === gain).length;
  return { falls: countOf(-1), rises: countOf(1) };
}
