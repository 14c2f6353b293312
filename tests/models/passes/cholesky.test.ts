import fc from 'fast-check';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import {
  choleskyFactor,
  dampened,
  inverseFactor,
  solveFactored,
  type SquareMatrix,
} from '../../../models/passes/cholesky.ts';

/** Of one band of rows, and of several. */
const size = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 24 }) },
  { weight: 1, arbitrary: fc.integer({ min: 65, max: 200 }) },
);
const sizes = fc.record({ size, seed: fc.integer() });

test('the factor is that of ml-matrix', () => {
  fc.assert(
    fc.property(sizes, ({ size, seed }) => {
      const matrix = positiveDefinite(size, seed);
      const expected = new CholeskyDecomposition(asMatrix(matrix)).lowerTriangularMatrix.to1DArray();
      expect(farthest(choleskyFactor(matrix)?.data ?? [], expected)).toBeLessThan(1e-9);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test('the solution for several right-hand sides is that of ml-matrix', () => {
  fc.assert(
    fc.property(sizes, ({ size, seed }) => {
      const matrix = positiveDefinite(size, seed);
      const right = normal(size * 3, seed + 1);
      const expected = new CholeskyDecomposition(asMatrix(matrix))
        .solve(Matrix.from1DArray(size, 3, [...right]))
        .to1DArray();
      const factor = choleskyFactor(matrix);
      if (factor === null) throw new Error('it is positive definite');
      solveFactored(factor, right);
      expect(farthest(right, expected)).toBeLessThan(1e-9);
    }),
    { seed: 2, numRuns: 50 },
  );
});

test('the upper factor of the inverse, times its transpose from the left, is the inverse', () => {
  fc.assert(
    fc.property(sizes, ({ size, seed }) => {
      const matrix = positiveDefinite(size, seed);
      const factor = inverseFactor(matrix);
      if (factor === null) throw new Error('it is positive definite');
      const upper = asMatrix(factor);
      const product = upper.transpose().mmul(upper).mmul(asMatrix(matrix)).to1DArray();
      expect(farthest(product, Matrix.eye(size).to1DArray())).toBeLessThan(1e-9);
      for (let row = 1; row < size; row++) expect(upper.get(row, row - 1)).toBe(0);
    }),
    { seed: 3, numRuns: 50 },
  );
});

test('a matrix that is not positive definite has no factor until it is dampened', () => {
  const flat: SquareMatrix = { size: 2, data: Float64Array.of(1, 1, 1, 1) };
  expect(choleskyFactor(flat)).toBeNull();
  expect(inverseFactor(flat)).toBeNull();
  expect([...dampened(flat, 0.5).data]).toEqual([1.5, 1, 1, 1.5]);
  expect(choleskyFactor(dampened(flat, 0.5))).not.toBeNull();
  expect(choleskyFactor({ size: 1, data: Float64Array.of(NaN) })).toBeNull();
});

test('features that are always zero are dampened by the mean of the others', () => {
  expect([...dampened({ size: 2, data: Float64Array.of(4, 0, 0, 0) }, 0.5).data]).toEqual([5, 0, 0, 2]);
  expect([...dampened({ size: 1, data: Float64Array.of(0) }, 0.5).data]).toEqual([1]);
});

function positiveDefinite(size: number, seed: number): SquareMatrix {
  const root = Matrix.from1DArray(size + 4, size, [...normal((size + 4) * size, seed)]);
  const product = root.transpose().mmul(root).add(Matrix.eye(size));
  return { size, data: Float64Array.from(product.to1DArray()) };
}

function normal(length: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length }, () => random.normal());
}

function asMatrix({ size, data }: SquareMatrix): Matrix {
  return Matrix.from1DArray(size, size, [...data]);
}

function farthest(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Array.from(found).reduce(
    (most, value, at) => Math.max(most, Math.abs(value - (expected[at] ?? NaN))),
    0,
  );
}
