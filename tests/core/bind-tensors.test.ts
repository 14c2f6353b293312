import { expect, test } from 'vitest';
import { bindTensors } from '../../core/bind-tensors.ts';
import type { Tensor, TensorSpec } from '../../core/tensor.ts';

const row = (...values: number[]): Tensor => ({
  type: 'float32',
  shape: [1, values.length],
  data: Float32Array.from(values),
});
const spec = (
  name: string,
  shape: TensorSpec['shape'],
  type: TensorSpec['type'] = 'float32',
): TensorSpec => ({
  name,
  type,
  shape,
});

test('a single tensor goes to a single input whatever their names, several to theirs', () => {
  expect(bindTensors([spec('x', [null, 2])], { features: row(1, 2) })({ features: row(1, 2) })).toEqual({
    x: row(1, 2),
  });
  const inputs = { b: row(2), a: row(1), unused: row(3) };
  expect(bindTensors([spec('a', [null, 1]), spec('b', [null, 1])], inputs)(inputs)).toEqual({
    a: row(1),
    b: row(2),
  });
});

test('numbers become those the input takes', () => {
  const bind = bindTensors([spec('x', [null, 2], 'float64')], { x: row(1, 2) });
  expect(bind({ x: row(3, 4) })).toEqual({
    x: { type: 'float64', shape: [1, 2], data: Float64Array.of(3, 4) },
  });
});

test('a value that an integer input cannot take is told with the input', () => {
  const bind = bindTensors([spec('ids', [null, 1], 'int64')], { ids: row(1) });
  expect(() => bind({ ids: row(1.5) })).toThrow(
    'the dataset\'s input "ids" does not fit: the value 1.5 is not a number of int64',
  );
});

test.for([
  [spec('x', [null, 3]), 'is float32 [batch, 2]; the model\'s input "x" accepts float32 [batch, 3]'],
  [spec('x', [null, null, 2]), 'accepts float32 [batch, any, 2]'],
  [spec('x', [null]), 'accepts float32 [batch]'],
  [spec('x', [null, 2], 'string'), 'accepts string [batch, 2]'],
] as const)('inputs that do not fit %o are refused with both', ([input, message]) => {
  expect(() => bindTensors([input], { features: row(1, 2) })).toThrow(message);
});

test('an input of no declared shape takes any', () => {
  expect(bindTensors([spec('x', [])], { x: row(1, 2) })({ x: row(1, 2) })).toEqual({ x: row(1, 2) });
});

test('one of several inputs that is missing is told with what is there', () => {
  expect(() => bindTensors([spec('a', [null, 1]), spec('b', [null, 1])], { a: row(1), c: row(2) })).toThrow(
    'the model\'s input "b" is not in the dataset, which has: a, c',
  );
});

test('what a decoder kept of earlier tokens is nothing, unless there is a tensor of its name', () => {
  const cache = spec('past_key_values.0.key', [null, 2, null, 4]);
  const specs = [spec('input_ids', [null, 2]), cache, spec('use_cache_branch', [1], 'bool')];
  const x = { ids: { ...row(1, 2, 3, 4), shape: [2, 2] } };
  expect(bindTensors(specs, x)(x)).toEqual({
    input_ids: x.ids,
    'past_key_values.0.key': { type: 'float32', shape: [2, 2, 0, 4], data: new Float32Array(0) },
    use_cache_branch: { type: 'bool', shape: [1], data: Uint8Array.of(0) },
  });
  const given = {
    input_ids: row(1, 2),
    [cache.name]: { ...row(1, 2, 3, 4, 5, 6, 7, 8), shape: [1, 2, 1, 4] },
  };
  expect(bindTensors(specs.slice(0, 2), given)(given)).toEqual(given);
});

test('a cache of a stated length cannot be empty, and is missing', () => {
  const specs = [spec('ids', [null, 1]), spec('past_key_values.0.key', [null, 2, 7, 4])];
  expect(() => bindTensors(specs, { ids: row(1) })).toThrow('"past_key_values.0.key" is not in the dataset');
});
