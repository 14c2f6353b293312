import { holm } from '../core/statistics/holm.ts';
import { minimumDetectableEffect } from '../core/statistics/detectable-effect.ts';
import { median, sortAscending } from '../core/statistics/quantile.ts';
import { sequentialEvidence, type SequentialEvidence } from '../core/statistics/sequential.ts';
import { hodgesLehmann, signedRankInterval, signedRankP } from '../core/statistics/signed-rank.ts';
import { robustDeviation } from '../core/statistics/spread.ts';
import type { Interval, VerdictName } from '../core/verdict.ts';
import { latencyReason } from './latency-reason.ts';
import type { LatencyComparison } from './latency-schema.ts';

/** Times a call of baseline and variant, pair by pair, of one process; in any unit, the same for both. */
export interface ProcessTimes {
  baseline: ArrayLike<number>;
  variant: ArrayLike<number>;
}

/** How sure a latency verdict has to be. */
export interface LatencyDesign {
  /** The slowdown to be caught, e.g. 0.02 for 2 %. */
  maxSlowdown: number;
  /** Chance that the run flags any variant that takes as long as its baseline; at most half of `alpha` is used, see `falseAlarmsOf`. */
  falseAlarms: number;
  /** 1 - level of the intervals, and the chance that a variant as slow as `maxSlowdown` passes. */
  alpha: number;
  /** Numbers of processes at which the evidence is looked at. */
  looks: readonly number[];
  /** Comparisons of the run among which `falseAlarms` is shared; at least the number judged together. */
  comparisons: number;
}

/** Chance of missing the smallest effect that is said to be detectable. */
export const beta = 0.05;

/** The shift of one process: median over its pairs of ln(variant time / baseline time). */
export function medianLogRatio({ baseline, variant }: ProcessTimes): number {
  const pairs = Math.min(baseline.length, variant.length);
  const ratios = Array.from({ length: pairs }, (_, pair) =>
    Math.log((variant[pair] ?? 1) / (baseline[pair] ?? 1)),
  );
  return median(sortAscending(ratios));
}

/**
 * Judges variants that were timed beside one baseline, each by its shifts: one a process, the median of its paired
 * log-ratios. Exact signed-rank tests at every look, p values adjusted for the looks and by Holm for the variants
 * (`docs/measurement.md`). Null where a variant has fewer than two shifts.
 */
export function compareShifts(
  variants: readonly (readonly number[])[],
  design: LatencyDesign,
): (LatencyComparedShifts | null)[] {
  return adjustedEvidence(variants, design).map((evidence, index) =>
    describe(variants[index] ?? [], evidence, design),
  );
}

/** The verdicts of `compareShifts` and nothing else: a hundredth of the work, for those who judge thousands. */
export function latencyVerdicts(
  variants: readonly (readonly number[])[],
  design: LatencyDesign,
): VerdictName[] {
  return adjustedEvidence(variants, design).map((evidence, index) => {
    const shifts = variants[index] ?? [];
    return shifts.length < 2 ? 'inconclusive' : decide(hodgesLehmann(shifts), evidence, design);
  });
}

function adjustedEvidence(
  variants: readonly (readonly number[])[],
  design: LatencyDesign,
): SequentialEvidence[] {
  const margin = Math.log1p(design.maxSlowdown);
  const evidence = variants.map((shifts) => sequentialEvidence(shifts, { looks: design.looks, margin }));
  // Groups of a run share the chance evenly; Holm's step-down works within the group.
  const groups = design.comparisons / Math.max(1, variants.length);
  const share = (p: number): number => Math.min(1, p * groups);
  const slower = holm(evidence.map(({ pAbove }) => pAbove)).map(share);
  const faster = holm(evidence.map(({ pBelow }) => pBelow)).map(share);
  return evidence.map((own, index) => ({
    ...own,
    pAbove: slower[index] ?? 1,
    pBelow: faster[index] ?? 1,
  }));
}

/** A comparison without what only the processes themselves tell. */
export type LatencyComparedShifts = Omit<LatencyComparison, 'pairs' | 'cpuRatio'>;

function describe(
  shifts: readonly number[],
  evidence: SequentialEvidence,
  design: LatencyDesign,
): LatencyComparedShifts | null {
  const interval = repeatedInterval(shifts, design);
  if (interval === null) return null;
  const estimate = hodgesLehmann(shifts);
  const noise = robustDeviation(shifts);
  const verdict = decide(estimate, evidence, design);
  const detectable = smallestDetectable(noise, shifts.length, design);
  const { looks, pAbove: pSlower, pBelow: pFaster, pWithinMargin } = evidence;
  return {
    ratio: Math.exp(estimate),
    interval: { ...interval, low: Math.exp(interval.low), high: Math.exp(interval.high) },
    margin: design.maxSlowdown,
    verdict,
    isWithheld: false,
    reason: latencyReason(verdict, { estimate, interval, evidence, noise, detectable, shifts, design }),
    p: signedRankP(shifts, 'two-sided'),
    evidence:
      looks === 0 ? null : { looks, comparisons: design.comparisons, pSlower, pFaster, pWithinMargin },
    processes: shifts.length,
    noise,
    minimumDetectableEffect: detectable,
  };
}

/**
 * The one decision on latency. Half of the margin parts "as slow as what is to be caught" from "no change": a shift counts as a
 * slowdown when it is proven to be one and nearer to the margin than to 0; it passes when the margin is ruled out.
 */
function decide(
  estimate: number,
  { pAbove, pBelow, pWithinMargin }: SequentialEvidence,
  design: LatencyDesign,
): VerdictName {
  const { maxSlowdown, alpha } = design;
  const falseAlarms = falseAlarmsOf(design);
  const half = Math.log1p(maxSlowdown) / 2;
  if (pAbove <= falseAlarms && estimate > half) return 'regressed';
  if (pBelow <= falseAlarms && estimate < -half) return 'improved';
  if (pWithinMargin <= alpha && estimate <= half) return 'pass';
  return 'inconclusive';
}

/** Holds at its level whenever the looking stops: each look's interval takes its share of alpha. */
function repeatedInterval(shifts: readonly number[], { looks, alpha }: LatencyDesign): Interval | null {
  const isLookedAt = looks.length > 1 && shifts.length >= Math.min(...looks);
  const found = signedRankInterval(shifts, isLookedAt ? 1 - alpha / looks.length : 1 - alpha);
  if (found === null || !isLookedAt) return found;
  return { ...found, level: 1 - alpha, method: `${found.method}, ${looks.length} looks` };
}

/**
 * The effect that is proven to be above 0, and to lie nearer to the margin than to 0, in 95 of 100 attempts. Null where so few
 * processes cannot decide at all: their smallest one-sided p is 2^-n.
 */
function smallestDetectable(noise: number | null, processes: number, design: LatencyDesign): number | null {
  const alpha = alphaOfALook(design);
  if (noise === null || noise === 0 || 2 ** -processes > alpha) return null;
  const proven = minimumDetectableEffect(noise, processes, { alpha, beta });
  const beyondHalf =
    Math.log1p(design.maxSlowdown) / 2 + minimumDetectableEffect(noise, processes, { alpha: 0.5, beta });
  return Math.expm1(Math.max(proven, beyondHalf));
}

/** The chance of a false alarm that one look at one comparison may take. */
export function alphaOfALook(design: LatencyDesign): number {
  return falseAlarmsOf(design) / design.looks.length / design.comparisons;
}

/** No more than an interval has on one side: a change that is flagged lies outside of its interval. */
function falseAlarmsOf({ falseAlarms, alpha }: LatencyDesign): number {
  return Math.min(falseAlarms, alpha / 2);
}
