import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { kernelsFor } from '../../../tasks/kernels/kernels.ts';
import { nearKernels, placeColumns, receiveColumns } from '../../../tasks/kernels/place-columns.ts';
import { addressOf, resultsOf, spareBlock } from '../../../tasks/kernels/workspace.ts';
import { metricById, metricIds } from '../../../tasks/metrics/registry.ts';
import type { RegressionPredictions } from '../../../tasks/predictions.ts';

/** Around the pairs, eights and blocks that the kernels take at a time. */
const sizes = [1, 2, 3, 7, 8, 9, 15, 17, 2047, 2048, 2049, 2048 + 9, 3 * 2048 - 1, 70_001];

function drawn(samples: number, outputs: number): RegressionPredictions {
  const random = createRandom(samples);
  const expected = Float64Array.from({ length: samples * outputs }, () => 10 * random.next());
  const predicted = expected.map((value) => Math.abs(value + random.normal()));
  return {
    kind: 'regression',
    ids: Int32Array.from({ length: samples }).fill(1),
    outputs,
    expected,
    predicted,
  };
}

function withWeights(given: RegressionPredictions): RegressionPredictions {
  const random = createRandom(5);
  return { ...given, weights: Float64Array.from({ length: given.ids.length }, () => random.below(4) + 0.5) };
}

/** With a number where it is the last of all, or else of a block or a pair. */
function withNumber(given: RegressionPredictions, value: number, place: number): RegressionPredictions {
  const predicted = given.predicted.slice();
  predicted[Math.min(place, predicted.length - 1)] = value;
  return { ...given, predicted };
}

const ids = [...metricIds('regression').filter((id) => !id.includes('<')), 'pinball@0.9'];

function expectSame(given: RegressionPredictions): void {
  const placed = nearKernels(given);
  expect(placed.expected.buffer).not.toBe(given.expected.buffer);
  for (const id of ids) {
    const metric = metricById(id, 'regression');
    expect(metric.compute(placed), `${id} of ${given.ids.length}`).toEqual(metric.compute(given));
  }
}

test.each(sizes)('%d samples have the same figures to the last bit wherever they lie', (samples) => {
  expectSame(drawn(samples, 1));
  expectSame(drawn(samples, 3));
  expectSame(withWeights(drawn(samples, 1)));
});

test.each([NaN, Infinity, -Infinity, -1, -2, 1e305, 5e-324])(
  '%d among the predictions gives the same figures, or reasons, wherever they lie',
  (value) => {
    for (const place of [0, 1, 2047, 2048, 1e9]) expectSame(withNumber(drawn(2048 + 7, 1), value, place));
  },
);

test('columns of which only one lies near the kernels give the same figures', () => {
  const given = drawn(5000, 1);
  const { expected } = nearKernels(given);
  const metric = metricById('mse', 'regression');
  expect(metric.compute({ ...given, expected })).toEqual(metric.compute(given));
  expect(metric.compute({ ...nearKernels(given), expected: given.expected })).toEqual(metric.compute(given));
});

test('columns of every type keep their numbers, and what is none stays as it is', () => {
  const columns = {
    bytes: Uint8Array.of(1, 2, 3),
    whole: Int32Array.of(-1, 2),
    part: Float64Array.of(1, 2, 3, 4).subarray(1, 3),
    none: new Float64Array(0),
    names: ['a', 'b'],
  };
  expect(nearKernels(columns)).toEqual(columns);
});

test('what a memory cannot hold stays where it is', () => {
  const column = new Uint8Array(2 ** 26);
  const columns = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`column ${index}`, column]));
  expect(placeColumns(columns)).toBeNull();
  expect(nearKernels(columns)).toBe(columns);
});

test('threads that read one memory have workspaces apart, and those that come late copy', () => {
  const given = drawn(5000, 1);
  const placed = placeColumns(given);
  if (placed === null) throw new Error('there is no memory to be had');
  // What each thread makes of a memory that it is sent: another object on the same numbers.
  const received = Array.from({ length: 20 }, () => {
    const memory = structuredClone(placed.memory);
    return receiveColumns({ columns: placed.columns, memory });
  });
  const all = [placed.columns, ...received];
  const near = all.filter(({ expected }) => kernelsFor(expected).buffer === expected.buffer);
  expect(near).toHaveLength(16);
  const used = near.flatMap(({ expected }) => {
    const kernels = kernelsFor(expected);
    const copy = addressOf(kernels, new Float64Array(1))(0, 1);
    return [resultsOf(kernels, 4).byteOffset, spareBlock(kernels).byteOffset, copy];
  });
  expect(new Set(used).size).toBe(3 * near.length);
  expect(Math.max(...used)).toBeLessThan(placed.columns.expected.byteOffset);
  for (const id of ['r2', 'median-ae']) {
    const metric = metricById(id, 'regression');
    for (const columns of all) expect(metric.compute(columns)).toEqual(metric.compute(given));
  }
});
