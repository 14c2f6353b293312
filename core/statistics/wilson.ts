import type { Interval } from '../verdict.ts';
import { normalQuantile } from './normal.ts';

/** Wilson's score interval of a proportion, n >= 1. Oracle: SciPy 1.17 `binomtest(...).proportion_ci(method="wilson")`. */
export function wilsonInterval(successes: number, n: number, level: number): Interval {
  const z = normalQuantile((1 + level) / 2);
  const centre = (successes + (z * z) / 2) / (n + z * z);
  const reach = (z / (n + z * z)) * Math.sqrt((successes * (n - successes)) / n + (z * z) / 4);
  // At the ends the exact bound is 0 or 1; rounding would leave it a hair off.
  const low = successes === 0 ? 0 : centre - reach;
  const high = successes === n ? 1 : centre + reach;
  return { low, high, level, method: 'wilson' };
}
