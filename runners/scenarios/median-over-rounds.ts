import type { Interval } from '../../core/verdict.ts';
import { median, quantileInterval, sortAscending } from '../../core/statistics/quantile.ts';

/** The median of one value a round, with its interval from order statistics; null for fewer than about six rounds. */
export function medianOverRounds(
  values: readonly number[],
  level: number,
): { value: number; interval: Interval | null } {
  const sorted = sortAscending(values);
  return { value: median(sorted), interval: quantileInterval(sorted, { probability: 0.5, level }) };
}
