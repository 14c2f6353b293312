/** float32 values as the bits of float16, and how many of them float16 cannot hold. */
export interface Float16Values {
  bits: Uint16Array;
  /** Finite magnitudes above 65504, which became 65504. */
  above: number;
  /** Magnitudes below 5.96e-8 other than 0, which became the smallest of float16. */
  below: number;
}

const largest = 65504;
const smallest = 5.96e-8;
const smallestBits = 1;
const largestBits = 0x7bff;

/** The bits of the smallest float32 that is a normal float16, 2^-14. */
const firstNormal = 0x38800000;
/** The bits of 0.5: added to a float below 2^-14, it leaves that float's float16 fraction in the last bits, rounded half to even. */
const half = 0x3f000000;
/** Takes the difference of the exponents' biases, 112, off a float32 and adds just under half of the last place. */
const rebias = 0x0fff - 112 * 2 ** 23;

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/**
 * Rounds to float16, half to even, with the bits of `convert_float_to_float16` of onnxruntime 1.30: finite values that would become
 * infinite or 0 are clamped instead; infinities and NaN stay.
 */
export function toFloat16(values: Float32Array): Float16Values {
  const found: Float16Values = { bits: new Uint16Array(values.length), above: 0, below: 0 };
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const magnitude = Math.abs(value);
    const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
    found.bits[index] = sign | magnitudeBits(magnitude);
    if (magnitude > largest && magnitude < Infinity) found.above++;
    if (magnitude > 0 && magnitude < smallest) found.below++;
  }
  return found;
}

function magnitudeBits(magnitude: number): number {
  if (magnitude > largest) return magnitude === Infinity ? 0x7c00 : largestBits;
  if (magnitude > 0 && magnitude < smallest) return smallestBits;
  if (Number.isNaN(magnitude)) return 0x7e00;
  scratch[0] = magnitude;
  const bits = scratchBits[0]!;
  if (bits >= firstNormal) return (bits + rebias + ((bits >>> 13) & 1)) >>> 13;
  scratch[0] = magnitude + 0.5;
  return scratchBits[0]! - half;
}
