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
 * Samples that a count may be off: where a difference nearer to 0 than the one seen is tried, with fewer flips than were seen, and
 * anywhere else.
 */
export interface TangoCorrection {
  nearer: number;
  farther: number;
}

/**
 * Score interval of the difference of paired proportions, variant - baseline (Tango 1998). It has width even where the
 * outcomes never differ. Tango's own has no correction, and with few flips lets through up to 7 % at a nominal 5 %; one moves
 * the bounds out (`tests/statistics/non-inferiority.test.ts` tells how far is enough).
 * Oracle: the constrained likelihood maximised numerically, in `tests/oracle/statistics`.
 */
export function tangoInterval(
  outcomes: PairedOutcomes,
  level: number,
  correction: TangoCorrection = { nearer: 0, farther: 0 },
): Interval {
  const z = normalQuantile((1 + level) / 2);
  const difference = (outcomes.onlyVariant - outcomes.onlyBaseline) / outcomes.n;
  const off = (delta: number): number => {
    const isNearer = delta * difference > 0 && Math.abs(delta) < Math.abs(difference);
    return isNearer ? correction.nearer : correction.farther;
  };
  const isBelow = (delta: number): boolean => tangoScore(outcomes, delta, -off(delta)) > z;
  const isAbove = (delta: number): boolean => tangoScore(outcomes, delta, off(delta)) < -z;
  return {
    low: bisect(-1, difference, isBelow),
    high: bisect(difference, 1, (delta) => !isAbove(delta)),
    level,
    method: correction.farther === 0 ? 'tango' : 'tango (corrected)',
  };
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
