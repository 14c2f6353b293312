import fc from 'fast-check';
import { expect, test } from 'vitest';
import { descendingOrder } from '../../../tasks/metrics/descending-order.ts';
import { clippedMatches } from '../../../tasks/metrics/ngrams.ts';
import { medianAbsoluteError } from '../../../tasks/metrics/regression.ts';
import { averagePrecision, rocAuc } from '../../../tasks/metrics/roc.ts';
import { meanOf, sumOf } from '../../../tasks/metrics/sum.ts';
import { manyNumbers } from '../many-numbers.ts';
import { holds } from './holds.ts';

const binary = fc
  .array(fc.tuple(fc.boolean(), fc.integer({ min: -5, max: 5 })), { minLength: 2, maxLength: 60 })
  .map((rows) => ({
    isPositive: Uint8Array.from(rows, ([flag]) => Number(flag)),
    scores: Float64Array.from(rows, ([, score]) => score),
  }));

test('the ROC AUC is the share of pairs in the right order, ties half', () => {
  holds(
    fc.property(binary, ({ isPositive, scores }) => {
      const of = (flag: number) => [...scores].filter((_, index) => isPositive[index] === flag);
      const pairs = of(1).flatMap((high) => of(0).map((low) => (high > low ? 1 : high === low ? 0.5 : 0)));
      const area = rocAuc({ isPositive, scores });
      if (pairs.length === 0) expect(area).toBeNaN();
      else expect(area).toBeCloseTo(pairs.reduce((sum: number, pair) => sum + pair, 0) / pairs.length, 12);
    }),
  );
});

test('turning the scores round turns the ROC AUC round, and stretching them changes neither area', () => {
  holds(
    fc.property(binary, (given) => {
      const area = rocAuc(given);
      const turned = { ...given, scores: given.scores.map((score) => -score) };
      const stretched = { ...given, scores: given.scores.map((score) => score ** 3 + 7) };
      if (Number.isNaN(area)) return;
      expect(rocAuc(turned)).toBeCloseTo(1 - area, 12);
      expect(rocAuc(stretched)).toBeCloseTo(area, 12);
      expect(averagePrecision(stretched)).toBeCloseTo(averagePrecision(given), 12);
    }),
  );
});

test('the order by score is descending and keeps equal scores in their own order', () => {
  holds(
    fc.property(manyNumbers, (scores) => {
      const expected = Uint32Array.from(scores.keys()).sort(
        (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b,
      );
      expect(descendingOrder(scores)).toEqual(expected);
    }),
  );
});

test.each([
  ['smooth', (i: number) => Math.abs(Math.sin(i))],
  ['sorted', (i: number) => i],
  ['tied', (i: number) => i % 3],
  ['periodic with the sample', (i: number) => (i % 61 === 0 ? 1e9 : i)],
  ['constant', () => 2],
])('the median of many %s errors is that of all of them', (_, errorAt) => {
  for (const count of [70_001, 100_000]) {
    const errors = Float64Array.from({ length: count }, (__, i) => errorAt(i));
    const sorted = errors.slice().sort();
    const median = ((sorted[(count - 1) >>> 1] ?? NaN) + (sorted[count >>> 1] ?? NaN)) / 2;
    expect(medianAbsoluteError(errors, new Float64Array(count))).toBe(median);
  }
});

test('a sum of a million numbers loses less than one part in 10^13', () => {
  expect(Math.abs(sumOf(new Float64Array(1_000_000).fill(0.1)) - 100_000)).toBeLessThan(1e-8);
});

test('clipped matches count an n-gram as often as the reference that has it most', () => {
  const counted = clippedMatches(Int32Array.of(0, 0, 0, 1), [Int32Array.of(0, 0, 2), Int32Array.of(1, 0)], 3);
  expect(counted).toEqual([3, 1, 0]);
});

test('the weighted mean of ones is exactly one, whatever the weights', () => {
  const weights = fc.array(fc.double({ min: 1e-6, max: 10, noNaN: true }), { minLength: 1, maxLength: 300 });
  holds(
    fc.property(weights, (all) => {
      expect(meanOf(new Float64Array(all.length).fill(1), Float64Array.from(all))).toBe(1);
    }),
  );
});
