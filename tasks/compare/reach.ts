import type { Spread } from '../../core/statistics/influence.ts';
import { scoreReach, type Side, skewedGrowth, skewedReach } from '../../core/statistics/skewed-interval.ts';

/** How far the truth may lie from an estimate. */
export interface Reach {
  to: (side: Side, level: number) => number;
  /** How the variance grows with the distance: h² = t² · (error² + growth · h). */
  growth: (side: Side) => number;
  method: string;
}

/** Numbers move on every sample, which shows how much. */
export function skewedReachOf(spread: Spread): Reach {
  return {
    to: (side, level) => skewedReach(spread, side, level),
    growth: (side) => skewedGrowth(spread, side),
    method: 'skew-adjusted t',
  };
}

/**
 * Decisions and ranks move on some samples or on none: at least the room that Wilson's interval leaves where nothing was seen. `step`
 * is what it changes that one unit is decided or ranked otherwise. No sample changes much more, so that no tail is missing.
 */
export function steppedReachOf(spread: Spread, step: number): Reach {
  const seen = (side: Side, level: number): number => scoreReach(spread, skewedGrowth(spread, side), level);
  const unseen = (level: number): number => scoreReach({ ...spread, standardError: 0 }, step, level);
  return {
    to: (side, level) => Math.max(seen(side, level), unseen(level)),
    growth: (side) => (unseen(0.95) > seen(side, 0.95) ? step : skewedGrowth(spread, side)),
    method: 'skew-adjusted t with unseen changes',
  };
}
