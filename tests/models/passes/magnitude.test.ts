import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepLargest } from '../../../models/passes/magnitude.ts';

const float = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, -1, 0.5),
);
const tensors = fc.array(fc.array(float, { maxLength: 12 }), { minLength: 1, maxLength: 4 });

/** Sorts by magnitude, then by place, and keeps the first. */
function keepBySorting(weights: readonly number[], keep: number): number[] {
  const order = weights.map((weight, index) => ({ weight: Math.abs(weight), index }));
  const kept = new Set(
    order
      .sort((a, b) => b.weight - a.weight || a.index - b.index)
      .slice(0, keep)
      .map(({ index }) => index),
  );
  return weights.map((weight, index) => (kept.has(index) ? weight : 0));
}

test('what is kept is what sorting by magnitude and place keeps', () => {
  fc.assert(
    fc.property(tensors, fc.nat(48), (lists, wanted) => {
      const flat = lists.flat();
      const keep = Math.min(wanted, flat.length);
      const kept = keepLargest(
        lists.map((list) => Float32Array.from(list)),
        keep,
      );
      expect(kept.flatMap((tensor) => [...tensor])).toEqual(keepBySorting(flat, keep));
    }),
    { seed: 11, numRuns: 500 },
  );
});

test('of equal magnitudes the first stay', () => {
  expect(
    keepLargest([Float32Array.of(1, -1), Float32Array.of(1, 2)], 2).map((tensor) => [...tensor]),
  ).toEqual([
    [1, 0],
    [0, 2],
  ]);
});

test('the given tensors are not changed', () => {
  const weights = Float32Array.of(3, 1, 2);
  keepLargest([weights], 1);
  expect([...weights]).toEqual([3, 1, 2]);
});
