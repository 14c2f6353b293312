import { normalQuantile } from '../../core/statistics/normal.ts';
import type { Interval } from '../../core/verdict.ts';

/** An interval around an estimate, of a metric that moves one flip at a time. */
interface SteppedInterval {
  interval: Interval;
  estimate: number;
  /** What one flip changes. */
  step: number;
}

/**
 * The interval with room for flips that the samples happen not to show, which no resampling of them can make up. Wilson's
 * interval has it built in: where a loss h comes from flips of one size, its variance is at least h times that size, so the
 * reach h of the interval solves h² = reach² + z² · step · h.
 */
export function allowForUnseenFlips({ interval, estimate, step }: SteppedInterval): Interval {
  const z = normalQuantile((1 + interval.level) / 2);
  const half = (z * z * step) / 2;
  const widened = (reach: number): number => half + Math.hypot(half, reach);
  return {
    ...interval,
    low: estimate - widened(estimate - interval.low),
    high: estimate + widened(interval.high - estimate),
    method: `${interval.method} with unseen flips`,
  };
}
