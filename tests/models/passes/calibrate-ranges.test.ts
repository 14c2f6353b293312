import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { foldModel } from '../../../models/onnx/optimize.ts';
import { calibrateRanges, type RangeMethod } from '../../../models/passes/calibrate-ranges.ts';
import { startCalibration, type Calibration } from '../../../models/passes/calibration.ts';
import { calibrationOf, staticCases, staticModel } from '../static-golden.ts';

test.for(staticCases)('moving averages of $case are those of Python', async (one) => {
  const expected = one.ranges['moving-average'];
  const model = await foldModel(staticModel(one.case));
  const names = Object.keys(expected).filter((name) => name !== '');
  const request = { names, method: 'moving-average', type: 'uint8' } as const;
  const found = await calibrateRanges(model, calibrationOf(one), request);
  expect(Object.fromEntries([...found].map(([name, { low, high }]) => [name, [low, high]]))).toEqual(
    expected,
  );
});

test('entropy has enough bins to give up a few values that reach far', async () => {
  const values = normals(100_000);
  values.set([20, -20, 25, 30], 500);
  const { low, high } = await rangeOf('entropy', [values]);
  expect(-low).toBeLessThan(12);
  expect(high).toBeLessThan(12);
  expect(Math.min(-low, high)).toBeGreaterThan(3.5);
});

/** Each of [low, high]; all of them, but for what few values in ten thousand reach beyond. */
const shapes: Readonly<Record<string, (value: number, index: number) => number>> = {
  'of a bell': (value) => value,
  'after a Relu, half of them 0': (value) => Math.max(0, value),
  'of a Softmax, most of them near 0': (value) => 1 / (1 + Math.exp(6 - 3 * value)),
  'a third of them one and the same': (value, index) => (index % 3 === 0 ? 0.17 : 1 / (1 + Math.exp(-value))),
};

test.for(Object.entries(shapes))('entropy keeps the range of values %s', async ([, shape]) => {
  const values = normals(30_000).map(shape);
  const sorted = values.toSorted();
  const { low, high } = await rangeOf('entropy', [values]);
  expect(high).toBeGreaterThanOrEqual(sorted[29_990] ?? NaN);
  expect(Math.min(low, 0)).toBeLessThanOrEqual(Math.min(0, sorted[10] ?? NaN));
});

test('a percentile leaves out a lone outlier, and no more', async () => {
  const values = new Float32Array(300_000).map((_, index) => index / 300_000);
  values[1000] = -500;
  const { low, high } = await rangeOf('percentile', [values]);
  // A bin is 500 / 2048 wide.
  expect(high).toBeCloseTo(Math.fround(299_999 / 300_000), 6);
  expect(low).toBeGreaterThan(-1.3);
});

test('the least squared error gives up an outlier only where the rest gains by it', async () => {
  const values = bell()[0] ?? new Float32Array();
  const outlier = values.slice();
  outlier[0] = 3 * values.reduce((a, b) => Math.max(a, b));
  const { high } = await rangeOf('mse', [outlier]);
  expect(high).toBeLessThan(outlier[0]);
  const even = new Float32Array(1000).map((_, index) => index / 999);
  expect((await rangeOf('mse', [even])).high).toBeGreaterThan(0.99);
});

test.for(['min-max', 'percentile', 'entropy', 'mse'] as const)(
  '%s gives the same range however the data are cut into batches',
  async (method) => {
    const [values = new Float32Array()] = bell();
    const cut = [values.subarray(3000), values.subarray(0, 10), values.subarray(10, 3000)];
    expect(await rangeOf(method, cut)).toEqual(await rangeOf(method, [values]));
  },
);

test.for(['min-max', 'moving-average', 'percentile', 'entropy', 'mse'] as const)(
  'a value that is always 0 has an empty range by %s',
  async (method) => {
    const { low, high } = await rangeOf(method, [new Float32Array(10)]);
    expect([low + 0, high + 0]).toEqual([0, 0]);
  },
);

function bell(): Float32Array[] {
  return [normals(5000)];
}

function normals(length: number): Float32Array {
  const random = createRandom(3);
  return Float32Array.from({ length }, () => random.normal());
}

async function rangeOf(
  method: RangeMethod,
  batches: readonly Float32Array[],
): Promise<{ low: number; high: number }> {
  const found = await calibrateRanges(identity(), dataOf(batches), { names: ['y'], method, type: 'uint8' });
  return found.get('y') ?? { low: NaN, high: NaN };
}

function identity(): OnnxModel {
  const graph = buildGraph('identity');
  graph.node('Identity', [graph.input('x', { type: 'float32', shape: ['n'] })], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['n'] });
  return graph.model();
}

function dataOf(batches: readonly Float32Array[]): Calibration {
  return startCalibration({
    description: 'values',
    hash: 'values',
    batches: async function* () {
      for (const data of batches)
        yield await Promise.resolve({ x: { type: 'float32' as const, shape: [data.length], data } });
    },
  });
}
