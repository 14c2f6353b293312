import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { clusteredMcnemarP } from '../../../core/statistics/clustered-mcnemar.ts';
import { byClusters } from '../../../core/statistics/clustered-resampling.ts';
import { clusteringOf, clusterMembers, clusterTotals } from '../../../core/statistics/clusters.ts';
import { mcnemar } from '../../../core/statistics/mcnemar.ts';

const names = ['b', 'a', 'b', 'c', 'a', 'b'];

test('clusters are numbered as they come up, and have their members and totals', () => {
  const clusters = clusteringOf(names);
  expect(clusters).toEqual({ of: Int32Array.of(0, 1, 0, 2, 1, 0), count: 3 });
  expect(clusterMembers(clusters)).toEqual([Int32Array.of(0, 2, 5), Int32Array.of(1, 4), Int32Array.of(3)]);
  expect(clusterTotals(Float64Array.of(1, 2, 4, 8, 16, 32), clusters)).toEqual(Float64Array.of(37, 18, 8));
});

test('a resample of clusters is all samples of each, as often as it was drawn', () => {
  const { samples, compute } = byClusters(
    (indices) => indices.reduce((sum, one) => sum + 10 ** one, 0),
    clusteringOf(names),
  );
  expect(samples).toBe(3);
  expect(compute(Int32Array.of(1, 1, 2))).toBe(2 * 10_010 + 1000);
});

test("with clusters of one, flips of clusters are McNemar's exact test", () => {
  for (const [lost, gained] of [
    [0, 0],
    [3, 1],
    [9, 4],
    [2, 12],
  ] as const) {
    const gains = Float64Array.from({ length: 30 }, (_, index) =>
      index < lost ? -1 : index < lost + gained ? 1 : 0,
    );
    expect(clusteredMcnemarP(gains, 1)).toBeCloseTo(mcnemar(lost, gained).exact, 12);
  }
});

test('from many clusters on, the normal p is near the one of sign flips', () => {
  const random = createRandom(3);
  const gains = Float64Array.from(
    { length: 1000 },
    () => (random.next() < 0.53 ? 1 : -1) * (1 + random.below(3)),
  );
  expect(clusteredMcnemarP(gains, 1)).toBeCloseTo(clusteredMcnemarP(gains.subarray(0, 999), 1), 1);
});
