import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { fitGrid, levelOf, type BlockSettings } from '../../../models/passes/block-quantization.ts';
import { dampened, inverseFactor, type SquareMatrix } from '../../../models/passes/cholesky.ts';
import { quantizeByHessian } from '../../../models/passes/gptq.ts';
import { zeroByHessian, type SparsityPattern } from '../../../models/passes/sparsity-pattern.ts';

/** More than what is moved on in one go, and no multiple of it. */
const [features, outputs] = [304, 40];

test.for<[string, SparsityPattern, number]>([
  ['2 of 4', { kind: 'n-m', keep: 2, of: 4 }, 4],
  ['7 of 19', { kind: 'n-m', keep: 7, of: 19 }, 19],
  ['half', { kind: 'share', sparsity: 0.5 }, 128],
])('SparseGPT by %s moves errors as if one after the other', ([, pattern, length]) => {
  const [gram, weights] = [drawnGram(), drawnWeights()];
  const expected = [...weights];
  const upper = factorOf(gram);
  for (let from = 0; from < features; from += length) {
    const places = Array.from({ length: Math.min(length, features - from) }, (_, at) => from + at);
    for (const { feature, output } of doomedOf(expected, { places, pattern, upper })) {
      const share = (expected[feature * outputs + output] ?? NaN) / at(upper, feature, feature);
      for (let other = feature + 1; other < features; other++)
        expected[other * outputs + output] =
          (expected[other * outputs + output] ?? NaN) - share * at(upper, feature, other);
      expected[feature * outputs + output] = 0;
    }
  }
  const layout = {
    outputs,
    offsets: Int32Array.from({ length: features }, (_, row) => row * outputs),
    step: 1,
  };
  expect(zeroByHessian(weights, layout, { pattern, gram })).toBe(true);
  expect(farthest(weights, expected)).toBeLessThan(1e-5);
  expect(weights.filter((weight) => weight === 0)).toHaveLength(expected.filter((one) => one === 0).length);
});

test.for<BlockSettings>([
  { bits: 4, blockSize: 32, isSymmetric: false },
  { bits: 8, blockSize: 256, isSymmetric: true },
])('GPTQ in %o moves errors as if one after the other', (settings) => {
  const [gram, weights] = [drawnGram(), drawnWeights()];
  const upper = factorOf(gram);
  const found = quantizeByHessian({ rows: features, data: weights }, settings, gram);
  const padded = Math.ceil(features / settings.blockSize) * settings.blockSize;
  let differing = 0;
  for (let column = 0; column < outputs; column++) {
    const values = weights.slice(column * features, (column + 1) * features);
    let grid = fitGrid(values, settings);
    for (let row = 0; row < features; row++) {
      if (row % settings.blockSize === 0)
        grid = fitGrid(values.subarray(row, row + settings.blockSize), settings);
      const level = levelOf(values[row] ?? NaN, grid);
      const error = (values[row] ?? NaN) - (level - grid.zeroPoint) * grid.scale;
      for (let other = row + 1; other < features; other++)
        values[other] = (values[other] ?? NaN) - (error / at(upper, row, row)) * at(upper, row, other);
      if (found?.levels[column * padded + row] !== level) differing += 1;
    }
  }
  // What lies between two levels may be rounded to either, and what comes after it follows.
  expect(differing).toBeLessThan(0.01 * weights.length);
});

/** Weights of one block that go, feature by feature. */
function doomedOf(
  weights: readonly number[],
  { places, pattern, upper }: { places: readonly number[]; pattern: SparsityPattern; upper: SquareMatrix },
): { feature: number; output: number }[] {
  const all = places.flatMap((feature) =>
    Array.from({ length: outputs }, (_, output) => {
      const score = ((weights[feature * outputs + output] ?? NaN) / at(upper, feature, feature)) ** 2;
      return { feature, output, score };
    }),
  );
  const groups = pattern.kind === 'share' ? [all] : Map.groupBy(all, ({ output }) => output).values();
  const goes = [...groups].flatMap((group) => {
    const whole = pattern.kind === 'share' || group.length === pattern.of;
    const gone = pattern.kind === 'share' ? group.length * pattern.sparsity : pattern.of - pattern.keep;
    return whole ? group.toSorted((a, b) => a.score - b.score).slice(0, Math.round(gone)) : [];
  });
  return goes.toSorted((a, b) => a.feature - b.feature);
}

function factorOf(gram: SquareMatrix): SquareMatrix {
  const upper = inverseFactor(dampened(gram, 0.01));
  if (upper === null) throw new Error('it is positive definite');
  return upper;
}

function at({ size, data }: SquareMatrix, row: number, column: number): number {
  return data[row * size + column] ?? NaN;
}

/** Of features that go along with their neighbours. */
function drawnGram(): SquareMatrix {
  const random = createRandom(3);
  const samples = Array.from({ length: 400 }, () => {
    const row = Array.from({ length: features }, () => random.normal());
    return row.map((value, feature) => value + (row[feature - 1] ?? 0));
  });
  const data = Float64Array.from({ length: features ** 2 }, (_, index) => {
    const [first, second] = [Math.floor(index / features), index % features];
    return samples.reduce((sum, row) => sum + (row[first] ?? NaN) * (row[second] ?? NaN), 0);
  });
  return { size: features, data };
}

function drawnWeights(): Float32Array<ArrayBuffer> {
  const random = createRandom(4);
  return Float32Array.from({ length: features * outputs }, () => random.normal());
}

function farthest(found: Float32Array, expected: readonly number[]): number {
  return expected.reduce((most, value, index) => Math.max(most, Math.abs(value - (found[index] ?? NaN))), 0);
}
