import { AssayError } from '../../core/errors.ts';
import { elementCount } from '../../core/tensor.ts';
import type { Weight, WeightSpec } from './model.ts';

const bytesOf = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
  uint8: 1,
  uint16: 2,
  float16: 2,
} as const;

/** Bytes a weight takes as it is stored; null for strings, whose length is in their bytes. */
export function storedBytes({ shape, dtype, quantization }: WeightSpec): number | null {
  const stored = quantization?.dtype ?? dtype;
  return stored === 'string' ? null : elementCount(shape) * bytesOf[stored];
}

/**
 * The values of a float32 weight. Integers are taken back by `level * scale + min` in float64, rounded to float32: TF.js and the
 * converter do the same. Throws `model-invalid` for a weight of another type.
 */
export function floatsOf({ spec, bytes }: Weight): Float32Array {
  const { name, dtype, quantization } = spec;
  if (dtype !== 'float32')
    throw new AssayError('model-invalid', `Weight "${name}" is ${dtype}, not float32.`);
  if (quantization === undefined) return new Float32Array(aligned(bytes));
  if (quantization.dtype === 'float16') return fromFloat16(new Uint16Array(aligned(bytes)));
  const { scale, min } = quantization;
  const levels = quantization.dtype === 'uint8' ? bytes : new Uint16Array(aligned(bytes));
  return Float32Array.from(levels, (level) => level * scale + min);
}

/** A float32 weight with these values, stored as they are. */
export function floatWeight({ spec }: Pick<Weight, 'spec'>, values: Float32Array): Weight {
  const plain = { ...spec };
  delete plain.quantization;
  return { spec: plain, bytes: bytesView(values) };
}

/** The bytes of numbers, shared with them. */
export function bytesView({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A copy: weights lie one after the other in their files, at any offset. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function fromFloat16(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const [exponent, fraction] = [(half >>> 10) & 31, half & 0x3ff];
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
