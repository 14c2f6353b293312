/** Weights as int8 with a zero point of 0: a weight is about `values[i] * scales[column]`. */
export interface Int8Matrix {
  /** Row-major, as the floats were. */
  values: Int8Array;
  /** One a column. */
  scales: Float32Array;
}

/** How weights become int8. */
export interface Int8Settings {
  /** Size of the last axis. */
  columns: number;
  granularity: 'per-channel' | 'per-tensor';
  /** The int8 the largest magnitude becomes: 127, or 64 for kernels whose 16-bit sums could saturate. */
  limit: 64 | 127;
}

/** The smallest normal float32: below it a scale would not be exact enough to divide by. */
const smallestNormal = 2 ** -126;

/**
 * Added to a float32 below 2^22 it leaves no bits for a fraction, so the sum is rounded half to even; its own last byte is
 * zero, so the last byte of the sum, all that an Int8Array takes, is the rounded number.
 */
const roundingShift = 1.5 * 2 ** 23;

/**
 * Symmetric int8 of row-major float32 weights, bit-equal to `quantize_dynamic` of onnxruntime 1.30 (Python): every step is
 * rounded to float32, ties to even, and a column of zeros has the scale 1. Where a column holds a NaN, an infinity or a
 * magnitude above half of the largest float32, its scale is not finite and its values mean nothing.
 */
export function quantizeInt8(weights: Float32Array, settings: Int8Settings): Int8Matrix {
  const maxima = columnMaxima(weights, settings.columns);
  if (settings.granularity === 'per-tensor') maxima.fill(maxima.reduce((a, b) => Math.max(a, b), 0));
  const scales = maxima.map((maximum) => scaleOf(maximum, settings.limit));
  return { values: divide(weights, scales), scales };
}

/** Compares the bits of magnitudes: they sort as the floats do, with infinity and NaN above all numbers. */
function columnMaxima(weights: Float32Array, columns: number): Float32Array {
  const bits = new Int32Array(weights.buffer, weights.byteOffset, weights.length);
  const maxima = new Int32Array(columns);
  for (let start = 0; start < bits.length; start += columns) {
    for (let column = 0; column < columns; column++) {
      const magnitude = bits[start + column]! & 0x7fffffff;
      if (magnitude > maxima[column]!) maxima[column] = magnitude;
    }
  }
  return new Float32Array(maxima.buffer);
}

function scaleOf(maximum: number, limit: number): number {
  const scale = Math.fround(2 * maximum) / (2 * limit);
  return scale < smallestNormal ? 1 : Math.fround(scale);
}

function divide(weights: Float32Array, scales: Float32Array): Int8Array {
  const values = new Int8Array(weights.length);
  const columns = scales.length;
  for (let start = 0; start < weights.length; start += columns) {
    for (let column = 0; column < columns; column++) {
      const quotient = Math.fround(weights[start + column]! / scales[column]!);
      values[start + column] = Math.fround(quotient + roundingShift);
    }
  }
  return values;
}
