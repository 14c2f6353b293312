import { expect, test } from 'vitest';
import { makeUpInputs } from '../../../runners/explain/made-up-inputs.ts';
import type { TensorSpec } from '../../../core/tensor.ts';

const specs: readonly TensorSpec[] = [
  { name: 'ids', type: 'int64', shape: [null, null] },
  { name: 'image', type: 'float32', shape: [null, 3, 4, 4] },
  { name: 'mask', type: 'bool', shape: [2] },
];

test('open axes are the batch where they come first, else of the usual size; fixed ones stay', () => {
  const inputs = makeUpInputs(specs, { batchSize: 5, shapes: {} });
  expect(Object.entries(inputs).map(([name, { type, shape }]) => [name, type, shape])).toEqual([
    ['ids', 'int64', [5, 16]],
    ['image', 'float32', [5, 3, 4, 4]],
    ['mask', 'bool', [2]],
  ]);
  expect(inputs.image?.data).toHaveLength(5 * 3 * 4 * 4);
});

test('numbers are drawn by seed, and ids are 0, which every table has', () => {
  const [first, second] = [1, 2].map(() => makeUpInputs(specs, { batchSize: 1, shapes: {} }));
  expect(first).toEqual(second);
  expect(Array.from(first?.ids?.data ?? [], Number)).toEqual(Array.from({ length: 16 }, () => 0));
  expect(new Set(Array.from(first?.image?.data ?? [], Number)).size).toBeGreaterThan(40);
});

test('a shape that is asked for is kept, and refused where the model has no such input or other sizes', () => {
  const shapes = { ids: [2, 128] };
  expect(makeUpInputs(specs, { batchSize: 1, shapes }).ids?.shape).toEqual([2, 128]);
  const make = (wrong: Record<string, number[]>) => () =>
    makeUpInputs(specs, { batchSize: 1, shapes: wrong });
  expect(make({ id: [1, 1] })).toThrow('no input "id" to give a shape; it has: ids, image, mask');
  expect(make({ image: [1, 3, 4, 5] })).toThrow('cannot be 1x3x4x5; the model accepts anyx3x4x4');
  expect(make({ ids: [1] })).toThrow('the model accepts anyxany');
});

test('nothing was kept of earlier tokens, unless a shape is asked for', () => {
  const name = 'past_key_values.0.value';
  const cache = [{ name, type: 'float32', shape: [null, 2, null, 4] }] as const;
  expect(makeUpInputs(cache, { batchSize: 3, shapes: {} })[name]?.shape).toEqual([3, 2, 0, 4]);
  expect(makeUpInputs(cache, { batchSize: 3, shapes: { [name]: [3, 2, 5, 4] } })[name]?.shape).toEqual([
    3, 2, 5, 4,
  ]);
});
