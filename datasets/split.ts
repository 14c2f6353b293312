import { createRandom, type Random } from '../core/random.ts';

/** How rows are split: `strata[i]` is the group of row i, negative for one left out; each group gives the same share of its rows. */
export interface SplitPlan {
  strata: Int32Array;
  testShare: number;
  seed: number;
}

/** What a row is for. */
export const roles = { none: 0, train: 1, test: 2 } as const;

/** The role of each row. Test are, of each group in ascending order, the first `round(testShare * size)` of a seeded shuffle. */
export function assignRoles({ strata, testShare, seed }: SplitPlan): Uint8Array {
  // Whatever the order in which all of them would be drawn.
  if (testShare === 1) return sameRole(strata, roles.test);
  const random = createRandom(seed);
  const assigned = sameRole(strata, roles.train);
  for (const [group, size] of groupSizes(strata).entries()) {
    const members = shuffle(membersOf(strata, group, size), random);
    for (const row of members.subarray(0, Math.round(testShare * size))) assigned[row] = roles.test;
  }
  return assigned;
}

function sameRole(strata: Int32Array, role: number): Uint8Array {
  const assigned = new Uint8Array(strata.length);
  for (let row = 0; row < strata.length; row++) if ((strata[row] as number) >= 0) assigned[row] = role;
  return assigned;
}

/** The role of each row where the rows of a group stay together: of the groups, as many are test as of rows otherwise. */
export function assignWhole({ strata: groups, ...plan }: SplitPlan): Uint8Array {
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const roleOf = assignRoles({ strata: new Int32Array(count), ...plan });
  return Uint8Array.from(groups, (group) => roleOf[group] ?? roles.none);
}

/** How many rows each group has. */
function groupSizes(strata: Int32Array): Int32Array {
  const sizes = new Int32Array(strata.reduce((most, group) => Math.max(most, group + 1), 0));
  for (const group of strata) if (group >= 0) sizes[group] = (sizes[group] ?? 0) + 1;
  return sizes;
}

function membersOf(strata: Int32Array, group: number, size: number): Int32Array {
  const members = new Int32Array(size);
  let next = 0;
  for (let row = 0; row < strata.length; row++) if (strata[row] === group) members[next++] = row;
  return members;
}

/** In place, with the draws of `Random.shuffle`, which would take a million rows as objects. */
function shuffle(items: Int32Array, random: Random): Int32Array {
  for (let last = items.length - 1; last > 0; last--) {
    const pick = random.below(last + 1);
    [items[last], items[pick]] = [items[pick] ?? 0, items[last] ?? 0];
  }
  return items;
}
