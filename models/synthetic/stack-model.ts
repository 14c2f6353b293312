import { createRandom, type Random } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { buildGraph } from '../onnx/builder.ts';
import { encodeModel } from '../onnx/write.ts';

/** How a network of equal layers is made: `layers` >= 1 MatMul and Relu pairs over `width` features. */
export interface StackShape {
  layers: number;
  width: number;
  seed: number;
}

/**
 * An ONNX file whose work is known: `x` (float32, [batch, width]) through equal layers to `y` of the same shape, so that
 * one layer more is 1/layers more work. Each layer averages its inputs: values stay within the range of `x` however
 * deep the stack, never so small that the processor slows down. Shallow stacks are the beginning of deep ones.
 */
export function stackModel({ layers, width, seed }: StackShape): Uint8Array {
  const random = createRandom(seed);
  const graph = buildGraph('stack');
  let value = graph.input('x', { type: 'float32', shape: ['batch', width] });
  for (let layer = 0; layer < layers; layer++) {
    const weights = graph.initializer(`weights_${layer}`, averagingWeights(width, random));
    const product = graph.node('MatMul', [value, weights]);
    value = graph.node('Relu', [product], layer === layers - 1 ? { outputs: ['y'] } : {});
  }
  graph.output('y', { type: 'float32', shape: ['batch', width] });
  return encodeModel(graph.model());
}

/** Inputs of a stack: `x` with values in [0, 1). */
export function stackInputs({ rows, width, seed }: { rows: number; width: number; seed: number }): {
  x: Tensor;
} {
  const random = createRandom(seed);
  const data = Float32Array.from({ length: rows * width }, () => random.next());
  return { x: { type: 'float32', shape: [rows, width], data } };
}

/** Each column sums to 1. */
function averagingWeights(width: number, random: Random): Tensor {
  const data = Float32Array.from({ length: width * width }, () => random.next());
  const totals = new Float64Array(width);
  for (const [index, value] of data.entries()) totals[index % width] = (totals[index % width] ?? 0) + value;
  const averaging = data.map((value, index) => value / (totals[index % width] ?? 1));
  return { type: 'float32', shape: [width, width], data: averaging };
}
