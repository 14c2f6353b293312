import { expect, test } from 'vitest';
import {
  fewestQueries,
  fixedSampleSize,
  mostOverLatency,
  percentileUpperBound,
} from '../../../core/statistics/early-stopping.ts';
import { sortAscending } from '../../../core/statistics/quantile.ts';
import { createRandom } from '../../../core/random.ts';

test.each([
  [0.9, 23_886],
  [0.95, 50_425],
  [0.99, 262_742],
])('a run of fixed size takes as many queries for p%f as the MLPerf rules say', (probability, queries) => {
  expect(fixedSampleSize(probability)).toBe(queries);
});

// 64 and 662 are LoadGen's own messages; the others follow from the rule.
test.each([
  [0.5, 1, 11],
  [0.9, 1, 64],
  [0.9, 10, 197],
  [0.95, 1, 130],
  [0.97, 1, 219],
  [0.99, 0, 459],
  [0.99, 1, 662],
  [0.99, 5, 1307],
  [0.999, 1, 6636],
])('p%f with %i queries over latency takes %i queries', (probability, overLatency, queries) => {
  expect(fewestQueries(probability, overLatency)).toBe(queries);
});

test('the most that may be over latency is the inverse of the fewest queries', () => {
  for (const overLatency of [0, 1, 2, 7, 40]) {
    const queries = fewestQueries(0.99, overLatency);
    expect(mostOverLatency(queries, 0.99)).toBe(overLatency);
    expect(mostOverLatency(queries - 1, 0.99)).toBe(overLatency === 0 ? null : overLatency - 1);
  }
});

test('with the fewest queries the bound is the slowest of them', () => {
  const values = sortAscending(Array.from({ length: 662 }, (_, index) => index + 1));
  expect(percentileUpperBound(values, 0.99)).toBe(662);
  expect(percentileUpperBound(values.subarray(1) as typeof values, 0.99)).toBeNull();
});

test('the bound lies below the true percentile in at most 1 % of samples', () => {
  const random = createRandom(11);
  const truth = -Math.log(0.1);
  const trials = 4000;
  let below = 0;
  for (let trial = 0; trial < trials; trial++) {
    const sample = sortAscending(Array.from({ length: 300 }, () => -Math.log(1 - random.next())));
    if ((percentileUpperBound(sample, 0.9) ?? 0) < truth) below++;
  }
  // 1 % and three standard errors.
  expect(below / trials).toBeLessThanOrEqual(0.01 + 3 * Math.sqrt((0.01 * 0.99) / trials));
});
