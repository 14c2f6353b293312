import type { Interval } from '../../core/verdict.ts';

/** Sums of float64 in another order differ by less. */
const roundingNoise = 1e-12;

/** Whether an interval of numbers of this size is wider than rounding makes it. */
export function hasWidth({ low, high }: Pick<Interval, 'low' | 'high'>, size: number): boolean {
  return high - low > roundingNoise * Math.abs(size);
}
