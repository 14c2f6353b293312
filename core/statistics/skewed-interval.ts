import type { Spread } from './influence.ts';
import { normalQuantile } from './normal.ts';
import { studentTQuantile } from './student-t.ts';

/** A side of an estimate on which the truth may lie. */
export type Side = 'low' | 'high';

/**
 * How far below or above an estimate the truth may lie: the distance h that solves h² = t² · (error² + growth · h), where the
 * variance grows with the distance as the skewness tells. It is the score interval in the family of tilted samples (Efron
 * 1981); Wilson's for a rare share, Student's t without skewness. The skewness is taken two standard errors further than it
 * seems, and never as a help, since samples without their largest values look less skewed than what they are drawn from.
 * With fewer units than `unitsForSkewness` even that is not far enough, and the distance is tripled.
 */
export function skewedReach(spread: Spread, side: Side, level: number): number {
  const reach = scoreReach(spread, skewedGrowth(spread, side), level);
  return unitsForSkewness(spread, side, level) === null ? reach : untrusted * reach;
}

/** How many times as far the truth may lie where a few units make up most of the variance (simulated in `tests/statistics`). */
export const untrusted = 3;

/** The root h of h² = t² · (error² + growth · h). */
export function scoreReach(
  { standardError, freedom }: Pick<Spread, 'standardError' | 'freedom'>,
  growth: number,
  level: number,
): number {
  const t = studentTQuantile((1 + level) / 2, freedom);
  const half = (t * t * growth) / 2;
  return half + Math.hypot(half, t * standardError);
}

/** How the variance grows with the distance to a side, by the skewness. */
export function skewedGrowth(spread: Spread, side: Side): number {
  return skewnessTowards(spread, side) * spread.standardError;
}

/**
 * How much skewness, times the normal quantile, an estimate may have. For 95 % it is n > 30 G² units of skewness G; Cochran
 * (1977, 2.15) asks for 25, and tails to both sides take some more.
 */
const mostSkewed = 0.358;

/**
 * Beyond some 2500 units that is not enough: of a tail heavy enough for such a skewness, they still tell too little. This over the
 * fourth root of n is as much as they may have.
 */
const mostSkewedOfMany = 2.55;

/** How many units of this skewness it takes before the end on a side can be trusted; null where there are as many. */
export function unitsForSkewness(spread: Spread, side: Side, level: number): number | null {
  const { units } = spread;
  const ofUnits = Math.sqrt(units) * skewnessTowards(spread, side) * normalQuantile((1 + level) / 2);
  const needed = Math.ceil(Math.max((ofUnits / mostSkewed) ** 2, (ofUnits / mostSkewedOfMany) ** 4));
  return needed <= units ? null : needed;
}

function skewnessTowards({ skewness, skewnessError }: Spread, side: Side): number {
  return Math.max(0, side === 'high' ? skewness : -skewness) + 2 * skewnessError;
}
