import { AssayError } from '../../core/errors.ts';
import { largestMagnitude, type ChannelLayout } from '../onnx/kernels.ts';
import type { OnnxTensor } from '../onnx/model.ts';
import { assertFiniteWeights } from './weights.ts';

/** The int8 the largest magnitude becomes: 127, or 64 for kernels whose 16-bit sums could saturate. */
export type Int8Limit = 64 | 127;

/** The smallest normal float32: below it a scale would not be exact enough to divide by. */
const smallestNormal = 2 ** -126;

/**
 * Scales of a symmetric int8 form of float32 weights, one a channel: bit-equal to `onnxruntime.quantization` 1.30 (Python), where
 * a channel of zeros has the scale 1. The scale of a channel with a NaN, an infinity or a magnitude above half of the largest
 * float32 is not finite.
 */
export function int8Scales(weights: Float32Array, layout: ChannelLayout, limit: Int8Limit): Float32Array {
  return channelMaxima(weights, layout).map((maximum) => scaleOf(maximum, limit));
}

/** Compares the bits of magnitudes: they sort as the floats do, with infinity and NaN above all numbers. */
function channelMaxima(weights: Float32Array, { channels, inner }: ChannelLayout): Float32Array {
  const largest = channels === 1 ? largestMagnitude(weights) : null;
  if (largest !== null) return Float32Array.of(largest);
  const bits = new Int32Array(weights.buffer, weights.byteOffset, weights.length);
  const maxima = new Int32Array(channels);
  if (inner === 1) columnMaxima(bits, maxima);
  else {
    for (let start = 0; start < bits.length; start += inner) {
      const channel = (start / inner) % channels;
      maxima[channel] = Math.max(maxima[channel]!, maximumOf(bits, start, start + inner));
    }
  }
  return new Float32Array(maxima.buffer);
}

function columnMaxima(bits: Int32Array, maxima: Int32Array): void {
  const columns = maxima.length;
  for (let start = 0; start < bits.length; start += columns) {
    for (let column = 0; column < columns; column++) {
      const magnitude = bits[start + column]! & 0x7fffffff;
      if (magnitude > maxima[column]!) maxima[column] = magnitude;
    }
  }
}

function maximumOf(bits: Int32Array, start: number, end: number): number {
  let maximum = 0;
  for (let index = start; index < end; index++) {
    const magnitude = bits[index]! & 0x7fffffff;
    if (magnitude > maximum) maximum = magnitude;
  }
  return maximum;
}

function scaleOf(maximum: number, limit: number): number {
  const scale = Math.fround(2 * maximum) / (2 * limit);
  return scale < smallestNormal ? 1 : Math.fround(scale);
}

/** Throws `model-invalid` where a scale is not finite, as weights are not or are too large. */
export function assertFiniteScales(scales: Float32Array, weight: OnnxTensor): void {
  if (scales.every(Number.isFinite)) return;
  assertFiniteWeights(weight);
  throw new AssayError(
    'model-invalid',
    `Weights "${weight.name}" pass 1.7e38 in magnitude; their int8 scale is not a float32.`,
  );
}
