import type { Tensor } from './tensor.ts';

/** An int64 tensor of integers of 32 bits. */
export function integerTensor(values: Int32Array, shape: readonly number[]): Tensor {
  // Low and high halves of the integers; an array of BigInts made one by one takes 30 times as long.
  const halves = new Int32Array(values.length * 2);
  values.forEach((value, index) => {
    halves[index * 2] = value;
    halves[index * 2 + 1] = value >> 31;
  });
  return { type: 'int64', shape, data: new BigInt64Array(halves.buffer) };
}
