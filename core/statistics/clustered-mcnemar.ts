import { normalCdf } from './normal.ts';
import { signFlipP } from './sign-flip.ts';

/** From so many clusters on, the normal distribution is near enough. */
const manyClusters = 1000;

/**
 * Two-sided p that flips in one direction are no commoner than in the other, given gained less lost samples of each cluster:
 * the signs of whole clusters are flipped, which with clusters of one is McNemar's exact test; from 1000 clusters with
 * flips, the normal approximation (Obuchowski 1998).
 */
export function clusteredMcnemarP(gains: Float64Array, seed: number): number {
  const flipped = Array.from(gains).filter((gain) => gain !== 0);
  if (flipped.length < manyClusters) return signFlipP(flipped, seed);
  const total = flipped.reduce((sum, gain) => sum + gain, 0);
  const variance = flipped.reduce((sum, gain) => sum + gain * gain, 0);
  return 2 * normalCdf(-Math.abs(total) / Math.sqrt(variance));
}
