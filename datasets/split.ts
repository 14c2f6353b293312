import { createRandom } from '../core/random.ts';

/** How rows are split: `strata[i]` is the group of row i, and each group gives the same share of its rows. */
export interface SplitPlan {
  strata: readonly number[];
  testShare: number;
  seed: number;
}

/** Positions of the test rows: of each group, in ascending order, the first `round(testShare * size)` of a seeded shuffle. */
export function chooseTest({ strata, testShare, seed }: SplitPlan): ReadonlySet<number> {
  const random = createRandom(seed);
  const groups = [...new Set(strata)].sort((a, b) => a - b);
  const chosen = groups.flatMap((group) => {
    const members = [...strata.keys()].filter((row) => strata[row] === group);
    return random.shuffle(members).slice(0, Math.round(testShare * members.length));
  });
  return new Set(chosen);
}
