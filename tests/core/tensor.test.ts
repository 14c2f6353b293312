import { expect, test } from 'vitest';
import { elementCount, sliceRows } from '../../core/tensor.ts';

test('a scalar has one element, an empty axis none', () => {
  expect(elementCount([])).toBe(1);
  expect(elementCount([2, 3, 4])).toBe(24);
  expect(elementCount([5, 0])).toBe(0);
});

test('rows are a view of the same memory', () => {
  const data = Float32Array.of(0, 1, 2, 3, 4, 5);
  const rows = sliceRows({ type: 'float32', shape: [3, 2], data }, 1, 3);
  expect(rows.shape).toEqual([2, 2]);
  expect(rows.data).toEqual(Float32Array.of(2, 3, 4, 5));
  data[2] = 9;
  expect(rows.data[0]).toBe(9);
});

test('rows of texts and of 64-bit integers keep their type', () => {
  const texts = sliceRows({ type: 'string', shape: [3], data: ['a', 'b', 'c'] }, 1, 2);
  expect(texts).toEqual({ type: 'string', shape: [1], data: ['b'] });
  const integers = sliceRows({ type: 'int64', shape: [2, 1], data: BigInt64Array.of(1n, 2n) }, 0, 1);
  expect(integers).toEqual({ type: 'int64', shape: [1, 1], data: BigInt64Array.of(1n) });
});

test('no rows are an empty tensor of the same inner shape', () => {
  const none = sliceRows({ type: 'uint8', shape: [2, 3], data: new Uint8Array(6) }, 1, 1);
  expect(none).toEqual({ type: 'uint8', shape: [0, 3], data: new Uint8Array(0) });
});
