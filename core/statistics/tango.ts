import type { Interval } from '../verdict.ts';
import { normalQuantile } from './normal.ts';

/** Paired 0/1 outcomes of a baseline and a variant on `n` samples, by where they differ. */
export interface PairedOutcomes {
  n: number;
  /** Samples where only the baseline has 1. */
  onlyBaseline: number;
  /** Samples where only the variant has 1. */
  onlyVariant: number;
}

/**
 * Score interval of the difference of paired proportions, variant - baseline (Tango 1998). It has width even where the
 * outcomes never differ. `correction` moves each bound out by as many samples; Tango's own has none, and with few flips lets
 * through up to 7 % at a nominal 5 %, which a quarter of a sample mends (`tests/statistics/non-inferiority.test.ts`).
 * Oracle: the constrained likelihood maximised numerically, in `tests/oracle/statistics`.
 */
export function tangoInterval(outcomes: PairedOutcomes, level: number, correction = 0): Interval {
  const z = normalQuantile((1 + level) / 2);
  const difference = (outcomes.onlyVariant - outcomes.onlyBaseline) / outcomes.n;
  const low = bisect(-1, difference, (delta) => tangoScore(outcomes, delta, -correction) > z);
  const high = bisect(difference, 1, (delta) => tangoScore(outcomes, delta, correction) >= -z);
  const method = correction === 0 ? 'tango' : `tango (corrected by ${correction} samples)`;
  return { low, high, level, method };
}

/**
 * Tango's statistic of the hypothesis that the difference is `delta`, from a count of gained less lost samples that is moved
 * by `correction`; standard normal under the hypothesis, falling in `delta`.
 */
export function tangoScore(outcomes: PairedOutcomes, delta: number, correction = 0): number {
  const { n, onlyBaseline, onlyVariant } = outcomes;
  const distance = onlyVariant - onlyBaseline - n * delta + correction;
  if (distance === 0) return 0;
  const rarer = constrainedShare(outcomes, delta);
  return distance / Math.sqrt(n * Math.max(0, 2 * rarer + delta * (1 - delta)));
}

/** Maximum-likelihood share of only-baseline samples when the difference is `delta`: the larger root of a quadratic. */
function constrainedShare({ n, onlyBaseline, onlyVariant }: PairedOutcomes, delta: number): number {
  const a = 2 * n;
  const b = (2 * n - onlyVariant + onlyBaseline) * delta - onlyVariant - onlyBaseline;
  const c = -onlyBaseline * delta * (1 - delta);
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  // Two forms of the same root; each loses its digits where the other keeps them.
  return b > 0 ? (-2 * c) / (b + root) : (root - b) / (2 * a);
}

/** The end of the range from `low` on which a condition holds that holds from `low` up to somewhere before `high`. */
function bisect(low: number, high: number, holds: (value: number) => boolean): number {
  let [inside, outside] = [low, high];
  for (let step = 0; step < 60; step++) {
    const middle = (inside + outside) / 2;
    if (holds(middle)) inside = middle;
    else outside = middle;
  }
  return (inside + outside) / 2;
}
