import type { Tensor, TensorType } from '../../core/tensor.ts';

/** Two rows of two values of each element type, its extremes among them. */
const data: { [T in TensorType]: Extract<Tensor, { type: T }>['data'] } = {
  float16: Float16Array.of(-65504, 2 ** -24, 0.5, Infinity),
  float32: Float32Array.of(-3.4e38, 1.5e-40, -0, NaN),
  float64: Float64Array.of(Number.MAX_VALUE, 5e-324, Math.PI, -Infinity),
  int8: Int8Array.of(-128, 127, 0, -1),
  int16: Int16Array.of(-32768, 32767, 0, -1),
  int32: Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0, -1),
  int64: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n),
  uint8: Uint8Array.of(0, 255, 1, 128),
  uint16: Uint16Array.of(0, 65535, 1, 32768),
  uint32: Uint32Array.of(0, 2 ** 32 - 1, 1, 2 ** 31),
  uint64: BigUint64Array.of(0n, 2n ** 64n - 1n, 1n, 2n ** 63n),
  bool: Uint8Array.of(0, 1, 1, 0),
  string: ['', 'Zürich', '\u{1f600}', 'a\nb'],
};

export function sampleOf(type: TensorType): Tensor {
  return { type, shape: [2, 2], data: data[type] } as Tensor;
}
