import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import {
  partOf,
  timesMatrix,
  timesTransposed,
  transposedPartOf,
} from '../../../models/passes/matrix-product.ts';

/** Small ones are multiplied by a loop, large ones by ONNX Runtime. */
const side = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 33, max: 80 }));
const draws = fc.record({ rows: side, inner: side, columns: side, seed: fc.integer() });

test('products of matrices and with a transpose are those of ml-matrix, and the same each time', () => {
  fc.assert(
    fc.property(draws, ({ rows, inner, columns, seed }) => {
      const left = drawn(rows, inner, seed);
      const right = drawn(inner, columns, seed + 1);
      const expected = Matrix.from1DArray(rows, inner, [...left.data])
        .mmul(Matrix.from1DArray(inner, columns, [...right.data]))
        .to1DArray();
      const turned = transposedPartOf(
        { data: right.data, rowLength: columns },
        { from: 0, to: inner },
        { from: 0, to: columns },
      );
      for (const found of [timesMatrix(left, right), timesTransposed(left, turned)])
        expect(farthest(found, expected)).toBeLessThan(1e-12 * inner);
      expect(timesMatrix(left, right)).toEqual(timesMatrix(left, right));
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('a part of a matrix is copied as it lies or turned', () => {
  const rows = { data: Float64Array.from({ length: 12 }, (_, at) => at), rowLength: 4 };
  const [first, second] = [
    { from: 1, to: 3 },
    { from: 0, to: 3 },
  ];
  expect(partOf(rows, first, second)).toEqual({
    rows: 2,
    columns: 3,
    data: Float64Array.of(4, 5, 6, 8, 9, 10),
  });
  expect(transposedPartOf(rows, first, second)).toEqual({
    rows: 3,
    columns: 2,
    data: Float64Array.of(4, 8, 5, 9, 6, 10),
  });
});

function drawn(rows: number, columns: number, seed: number): Parameters<typeof timesMatrix>[0] {
  const random = createRandom(seed);
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, () => random.normal()) };
}

function farthest(found: Float64Array, expected: readonly number[]): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  return expected.reduce((most, value, at) => Math.max(most, Math.abs(value - (found[at] ?? NaN))), 0);
}
