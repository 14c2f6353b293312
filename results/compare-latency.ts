import { minimumDetectableEffect } from '../core/statistics/detectable-effect.ts';
import { judge } from '../core/statistics/judge.ts';
import { median, sortAscending } from '../core/statistics/quantile.ts';
import { hodgesLehmann, signedRankInterval, signedRankP } from '../core/statistics/signed-rank.ts';
import type { LatencyComparison } from './schema.ts';

/** Times a call of baseline and variant, pair by pair, of one process; in any unit, the same for both. */
export interface ProcessTimes {
  baseline: ArrayLike<number>;
  variant: ArrayLike<number>;
}

export interface LatencyLimits {
  /** The slowdown that is tolerated, e.g. 0.02 for 2 %. */
  maxSlowdown: number;
  alpha: number;
}

/**
 * Judges the latency of a variant from paired times in fresh processes. A process counts once, by the median of its paired
 * log-ratios; processes are compared by the exact signed-rank test and its interval (`docs/measurement.md`).
 * Null for fewer than two processes.
 */
export function compareLatency(
  processes: readonly ProcessTimes[],
  limits: LatencyLimits,
): LatencyComparison | null {
  const shifts = processes.map(medianLogRatio);
  const interval = signedRankInterval(shifts, 1 - limits.alpha);
  if (interval === null) return null;
  const estimate = hodgesLehmann(shifts);
  const { verdict, reason } = judge({
    estimate,
    interval,
    margin: Math.log1p(limits.maxSlowdown),
    level: 1 - limits.alpha,
    format: formatSlowdown,
  });
  return {
    ratio: Math.exp(estimate),
    interval: { ...interval, low: Math.exp(interval.low), high: Math.exp(interval.high) },
    margin: limits.maxSlowdown,
    verdict,
    reason,
    p: signedRankP(shifts, 'two-sided'),
    processes: processes.length,
    pairs: processes.reduce((sum, { variant }) => sum + variant.length, 0),
    minimumDetectableEffect: detectable(shifts, limits.alpha),
  };
}

/** The shift of one process: median over its pairs of ln(variant time / baseline time). */
export function medianLogRatio({ baseline, variant }: ProcessTimes): number {
  const pairs = Math.min(baseline.length, variant.length);
  const ratios = Array.from({ length: pairs }, (_, pair) =>
    Math.log((variant[pair] ?? 1) / (baseline[pair] ?? 1)),
  );
  return median(sortAscending(ratios));
}

function formatSlowdown(logRatio: number): string {
  const percent = Math.expm1(logRatio) * 100;
  return `${percent < 0 ? '' : '+'}${percent.toFixed(1)} % time`;
}

/** Null where so few processes cannot decide at all: their smallest one-sided p is 2^-n. */
function detectable(shifts: readonly number[], alpha: number): number | null {
  if (2 ** -shifts.length > alpha / 2) return null;
  const mean = shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length;
  const squares = shifts.reduce((sum, shift) => sum + (shift - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (shifts.length - 1));
  return deviation > 0
    ? Math.expm1(minimumDetectableEffect(deviation, shifts.length, { alpha: alpha / 2, beta: 0.05 }))
    : null;
}
