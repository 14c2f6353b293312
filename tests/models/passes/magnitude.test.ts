import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clearBelow, cutsFor } from '../../../models/passes/magnitude.ts';

const float = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, -1, 0.5),
);
const tensors = fc.array(fc.array(float, { maxLength: 12 }), { minLength: 1, maxLength: 4 });

function keepLargest(tensors: readonly Float32Array[], keep: number): Float32Array[] {
  const cuts = cutsFor(tensors.map(source), keep);
  return tensors.map((tensor, index) => {
    const cut = cuts?.[index] ?? { length: NaN, threshold: NaN, ties: NaN, zeros: NaN };
    const kept = tensor.slice();
    clearBelow(kept, cut);
    expect(kept.filter((value) => value === 0)).toHaveLength(cut.zeros);
    return kept;
  });
}

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

test.for([NaN, Infinity, -Infinity])('where a value is %s, there is no cut', (value) => {
  const tensors = [Float32Array.of(1, 2), Float32Array.of(3, value)];
  expect(cutsFor(tensors.map(source), 2)).toBeNull();
});

test('one tensor at a time is read', () => {
  const room = new Float32Array(2);
  const read = (values: Float32Array): Float32Array => {
    room.set(values);
    return room;
  };
  const tensors = [Float32Array.of(1, 4), Float32Array.of(3, 2)];
  const inRoom = tensors.map((tensor) => ({ length: 2, read: () => read(tensor) }));
  expect(cutsFor(inRoom, 2)).toEqual(cutsFor(tensors.map(source), 2));
});

function source(tensor: Float32Array): { length: number; read: () => Float32Array } {
  return { length: tensor.length, read: () => tensor };
}
