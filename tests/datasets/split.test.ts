import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseTest } from '../../datasets/split.ts';

const strata = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 60 });

test('Each group gives its share of rows to the test split', () => {
  fc.assert(
    fc.property(
      strata,
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      fc.integer(),
      (groups, testShare, seed) => {
        const chosen = [...chooseTest({ strata: groups, testShare, seed })];
        for (const group of new Set(groups)) {
          const members = groups.filter((one) => one === group).length;
          expect(chosen.filter((row) => groups[row] === group)).toHaveLength(Math.round(testShare * members));
        }
      },
    ),
    { seed: 1 },
  );
});

test('The same seed gives the same split and another seed another', () => {
  const plan = { strata: Array.from({ length: 50 }, () => 0), testShare: 0.5, seed: 7 };
  expect(chooseTest(plan)).toEqual(chooseTest(plan));
  expect(chooseTest({ ...plan, seed: 8 })).not.toEqual(chooseTest(plan));
});
