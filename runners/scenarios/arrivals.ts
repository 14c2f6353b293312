import { createRandom } from '../../core/random.ts';

/** Arrival times of a Poisson process in ascending milliseconds, the first one gap after 0. The same seed gives the same pattern at every rate. */
export function poissonArrivals(
  queries: number,
  { queriesPerSecond, seed }: { queriesPerSecond: number; seed: number },
): Float64Array {
  const random = createRandom(seed);
  const meanGapMs = 1000 / queriesPerSecond;
  let nowMs = 0;
  return Float64Array.from({ length: queries }, () => (nowMs -= Math.log(1 - random.next()) * meanGapMs));
}
