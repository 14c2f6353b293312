import { createRandom, type Random } from '../random.ts';

/** Up to here all 2^n assignments are counted. */
const exactUpTo = 20;
const resamples = 10_000;

/**
 * Two-sided p that paired differences have mean 0, by flipping their signs: exact for up to 20 differences, else from
 * 10 000 random assignments as (1 + count) / (1 + 10 000). Oracle: SciPy 1.17 `permutation_test(permutation_type="samples")`.
 */
export function signFlipP(differences: readonly number[], seed: number): number {
  const total = differences.reduce((sum, difference) => sum + difference, 0);
  // Sums of the same numbers in another order differ by rounding; such ties count.
  const limit =
    Math.abs(total) - 1e-12 * differences.reduce((sum, difference) => sum + Math.abs(difference), 0);
  if (differences.length > exactUpTo) return sampledP({ differences, limit, random: createRandom(seed) });
  const sums = allSums(differences, total);
  return sums.filter((sum) => Math.abs(sum) >= limit).length / sums.length;
}

/** The total under every assignment of signs. */
function allSums(differences: readonly number[], total: number): Float64Array {
  const sums = new Float64Array(2 ** differences.length);
  sums[0] = total;
  for (const [index, difference] of differences.entries()) {
    const filled = 2 ** index;
    for (let sum = 0; sum < filled; sum++) sums[filled + sum] = sums[sum]! - 2 * difference;
  }
  return sums;
}

function sampledP({
  differences,
  limit,
  random,
}: {
  differences: readonly number[];
  limit: number;
  random: Random;
}): number {
  let asExtreme = 0;
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    for (const difference of differences) sum += random.next() < 0.5 ? -difference : difference;
    if (Math.abs(sum) >= limit) asExtreme++;
  }
  return (1 + asExtreme) / (1 + resamples);
}
