import { expect, test } from 'vitest';
import { convertTensor, isConvertible } from '../../core/convert-tensor.ts';
import type { Tensor, TensorType } from '../../core/tensor.ts';

const floats: Tensor = { type: 'float32', shape: [3], data: Float32Array.of(1, -2, 300) };

test('a tensor of the wanted type is given back itself', () => {
  expect(convertTensor(floats, 'float32')).toBe(floats);
});

test.for<[TensorType, Tensor['data']]>([
  ['float16', Float16Array.of(1, -2, 300)],
  ['float64', Float64Array.of(1, -2, 300)],
  ['int16', Int16Array.of(1, -2, 300)],
  ['int64', BigInt64Array.of(1n, -2n, 300n)],
])('numbers become %s', ([type, data]) => {
  expect(convertTensor(floats, type)).toEqual({ type, shape: [3], data });
});

test('64-bit integers become narrower ones, and floats', () => {
  const ids: Tensor = { type: 'int64', shape: [2], data: BigInt64Array.of(7n, -1n) };
  expect(convertTensor(ids, 'int32').data).toEqual(Int32Array.of(7, -1));
  expect(convertTensor(ids, 'float32').data).toEqual(Float32Array.of(7, -1));
});

test.for<[TensorType, number]>([
  ['int8', 128],
  ['uint8', -1],
  ['uint32', -1],
  ['int32', 0.5],
  ['int64', 0.5],
  ['uint64', -1],
  ['int64', NaN],
  ['int16', NaN],
  ['int64', Infinity],
])('an input of %s refuses %d', ([type, value]) => {
  const tensor: Tensor = { type: 'float64', shape: [1], data: Float64Array.of(value) };
  expect(() => convertTensor(tensor, type)).toThrow(`the value ${value} is not a number of ${type}`);
});

test('texts and truth values are no numbers', () => {
  const texts: Tensor = { type: 'string', shape: [1], data: ['1'] };
  expect(() => convertTensor(texts, 'float32')).toThrow('string cannot become float32');
  expect(isConvertible('bool', 'int8')).toBe(false);
  expect(isConvertible('string', 'string')).toBe(true);
});

test('0 and 1 become truth values, and no other number does', () => {
  const flags: Tensor = { type: 'int64', shape: [1, 2], data: BigInt64Array.of(1n, 0n) };
  expect(convertTensor(flags, 'bool')).toEqual({ type: 'bool', shape: [1, 2], data: Uint8Array.of(1, 0) });
  expect(() => convertTensor(floats, 'bool')).toThrow('the value -2 is not 0 or 1, as bool takes');
  expect(isConvertible('float32', 'bool')).toBe(true);
  expect(isConvertible('string', 'bool')).toBe(false);
});

test('a whole number that float32 may have rounded is refused, and one of float64 is not', () => {
  const rounded: Tensor = { type: 'float32', shape: [2], data: Float32Array.of(16777216, 16777218) };
  expect(() => convertTensor(rounded, 'int64')).toThrow(
    'the value 16777218 of int64 was read as float32, which is exact up to 2^24; give the input of the dataset "type": "float64"',
  );
  const whole: Tensor = { type: 'float64', shape: [1], data: Float64Array.of(16777217) };
  expect(convertTensor(whole, 'int64').data).toEqual(BigInt64Array.of(16777217n));
});
