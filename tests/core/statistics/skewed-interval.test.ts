import { expect, test } from 'vitest';
import type { Spread } from '../../../core/statistics/influence.ts';
import { normalQuantile } from '../../../core/statistics/normal.ts';
import { scoreReach, skewedReach, unitsForSkewness } from '../../../core/statistics/skewed-interval.ts';
import { studentTQuantile } from '../../../core/statistics/student-t.ts';
import { wilsonInterval } from '../../../core/statistics/wilson.ts';

function spread(skewness: number, skewnessError = 0, units = 100): Spread {
  return { units, freedom: units - 1, standardError: 2, skewness, skewnessError };
}

test("without skewness the reach is Student's, to either side", () => {
  for (const side of ['low', 'high'] as const)
    expect(skewedReach(spread(0), side, 0.95)).toBeCloseTo(2 * studentTQuantile(0.975, 99), 12);
});

test('a tail lengthens the side it is on and does not shorten the other', () => {
  const none = skewedReach(spread(0), 'low', 0.95);
  expect(skewedReach(spread(0.1), 'high', 0.95)).toBeGreaterThan(1.1 * none);
  expect(skewedReach(spread(0.1), 'low', 0.95)).toBeCloseTo(none, 12);
  expect(skewedReach(spread(-0.1), 'low', 0.95)).toBeGreaterThan(1.1 * none);
});

test('what the samples tell of the skewness with an error of its own is taken to be worse by twice that', () => {
  expect(skewedReach(spread(0, 0.05), 'high', 0.95)).toBeCloseTo(skewedReach(spread(0.1), 'high', 0.95), 12);
});

test("for a rare share, whose variance grows as it does, the upper end is Wilson's", () => {
  const [hits, n, level] = [4, 100_000, 0.95];
  const rare = { standardError: Math.sqrt(hits) / n, freedom: 1e9 };
  const { high } = wilsonInterval(hits, n, level);
  expect(hits / n + scoreReach(rare, 1 / n, level)).toBeCloseTo(high, 8);
  const unseen = scoreReach({ standardError: 0, freedom: 1e9 }, 1 / n, level);
  expect(unseen).toBeCloseTo(normalQuantile(0.975) ** 2 / n, 8);
});

test.each([
  [100, 0.1, null],
  [100, 0.2, 120],
  [30, 0.3, 81],
  [10_000, 0.1, null],
  [10_000, 0.15, 17_669],
] as const)(
  'of %i units the estimate with a skewness of %f is trusted from %s',
  (units, skewness, needed) => {
    expect(unitsForSkewness(spread(skewness, 0, units), 'high', 0.95)).toBe(needed);
    expect(unitsForSkewness(spread(skewness, 0, units), 'low', 0.95)).toBeNull();
  },
);

test('an end that is not to be trusted is three times as far', () => {
  const [trusted, not] = [0.18, 0.19].map((skewness) => skewedReach(spread(skewness), 'high', 0.95));
  expect((not ?? NaN) / (trusted ?? NaN)).toBeGreaterThan(3);
  expect((not ?? NaN) / (trusted ?? NaN)).toBeLessThan(3.1);
});

test('the surer a bound is to be, the less skewness it bears', () => {
  const skewed = spread(0.15);
  expect(unitsForSkewness(skewed, 'high', 0.95)).toBeNull();
  expect(unitsForSkewness(skewed, 'high', 0.995)).toBe(139);
});
