import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { assignRoles, roles } from '../../datasets/split.ts';

const strata = fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 1, maxLength: 60 });

test('Each group gives its share of rows to the test split, and rows left out none', () => {
  fc.assert(
    fc.property(
      strata,
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      fc.integer(),
      (groups, testShare, seed) => {
        const assigned = assignRoles({ strata: Int32Array.from(groups), testShare, seed });
        for (const group of new Set(groups)) {
          const members = [...assigned].filter((_, row) => groups[row] === group);
          const held = group < 0 ? 0 : Math.round(testShare * members.length);
          expect(members.filter((role) => role === roles.test)).toHaveLength(held);
          expect(members.filter((role) => role === roles.none)).toHaveLength(group < 0 ? members.length : 0);
        }
      },
    ),
    { seed: 1 },
  );
});

test('The same seed gives the same split and another seed another', () => {
  const plan = { strata: new Int32Array(50), testShare: 0.5, seed: 7 };
  expect(assignRoles(plan)).toEqual(assignRoles(plan));
  expect(assignRoles({ ...plan, seed: 8 })).not.toEqual(assignRoles(plan));
});

test('Rows are shuffled as any list is', () => {
  const shuffled = createRandom(5).shuffle([1, 3, 4]);
  const assigned = assignRoles({ strata: Int32Array.of(-1, 0, -1, 0, 0), testShare: 0.34, seed: 5 });
  expect(assigned.indexOf(roles.test)).toBe(shuffled[0]);
});
