import { AssayError } from '../../core/errors.ts';
import { elementCount } from '../../core/tensor.ts';
import { readStretch, stretchOf } from '../onnx/external-data.ts';
import { sumOfMagnitudes } from '../onnx/kernels.ts';
import type { OnnxGraph, OnnxTensor } from '../onnx/model.ts';
import { readTensor, shapeOf } from '../onnx/tensor.ts';

/** The values of a stored float32 tensor, row-major. */
export function floatsOf(stored: OnnxTensor): Float32Array {
  return readTensor(stored).data as Float32Array;
}

/**
 * As `floatsOf`, in `scratch` where they are in another file, or unaligned in this one: they are good until the next call with the same
 * scratch.
 */
export function floatsWithin(stored: OnnxTensor, scratch: Uint8Array): Float32Array {
  const count = elementCount(shapeOf(stored));
  const source = stretchOf(stored) ?? stored.rawData;
  if (!(source instanceof Uint8Array)) {
    if (4 * count > scratch.length) return floatsOf(stored);
    readStretch(source, scratch);
  } else {
    if (source.length !== 4 * count) return floatsOf(stored);
    if (source.byteOffset % 4 === 0) return new Float32Array(source.buffer, source.byteOffset, count);
    if (source.length > scratch.length) return floatsOf(stored);
    scratch.set(source);
  }
  return new Float32Array(scratch.buffer, 0, count);
}

/** Throws `model-invalid` where a weight is NaN or infinite: neither has a magnitude or a scale. */
export function assertFiniteWeights(stored: OnnxTensor): void {
  assertFinite(stored.name, floatsOf(stored));
}

/** As `assertFiniteWeights`, of weights that are read already. */
export function assertFinite(name: string, weights: Float32Array): void {
  if (Number.isFinite(sumOfMagnitudes(weights))) return;
  const at = weights.findIndex((weight) => !Number.isFinite(weight));
  if (at !== -1) throw notANumber(name, at, weights[at]!);
}

/** Throws `model-invalid` where a weight is NaN; infinities pass, as masks hold them. */
export function assertNotNaN(name: string, weights: Float32Array): void {
  if (Number.isFinite(sumOfMagnitudes(weights))) return;
  const at = weights.findIndex(Number.isNaN);
  if (at !== -1) throw notANumber(name, at, NaN);
}

/** The error of a weight that is NaN or infinite. */
export function notANumber(name: string, at: number, value: number): AssayError {
  return new AssayError(
    'model-invalid',
    `Weights "${name}" hold ${value} at index ${at}; a pass needs finite weights.`,
    { hint: 'Export the model again from weights that trained without overflow.' },
  );
}

/** Why none of the weights of some operators, named in words, is quantized. */
export function whyNoneQuantized(named: string, graph: OnnxGraph, obstacles: readonly string[]): string {
  const none = `no ${named} has a constant float32 weight`;
  return obstacles.length === 0
    ? `${none}: the graph has ${describeOperators(graph)}`
    : `${none} that can be quantized: ${countEach(obstacles)}`;
}

/** The operators of a graph in words, most frequent first, e.g. `5 Conv, 2 Relu`. */
export function describeOperators(graph: OnnxGraph): string {
  return graph.node.length === 0 ? 'no nodes' : countEach(graph.node.map(({ opType }) => opType));
}

/** Each different text with its count, most frequent first, e.g. `5 Conv, 2 Relu`. */
export function countEach(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([text, count]) => `${count} ${text}`).join(', ');
}
