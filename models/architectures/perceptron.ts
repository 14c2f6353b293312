import { createRandom } from '../../core/random.ts';
import { buildGraph } from '../onnx/builder.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { drawnWeight, type Network } from './layers.ts';

/** How wide and deep a perceptron is. */
export interface PerceptronSize {
  width: number;
  layers: number;
}

/** Gemm layers with Relu between: float32 `x` [batch, width] to `y` of the same shape, weights drawn by seed. */
export function perceptron(seed: number, { width: size, layers }: PerceptronSize): OnnxModel {
  const graph = buildGraph('perceptron');
  const network: Network = { graph, random: createRandom(seed), weights: 0 };
  let value = graph.input('x', { type: 'float32', shape: ['batch', size] });
  for (let layer = 0; layer < layers; layer++) {
    const inputs = [value, drawnWeight(network, [size, size], 2 / size), drawnWeight(network, [size], 0.01)];
    const isLast = layer === layers - 1;
    value = graph.node('Gemm', inputs, isLast ? { outputs: ['y'] } : {});
    if (!isLast) value = graph.node('Relu', [value]);
  }
  graph.output('y', { type: 'float32', shape: ['batch', size] });
  return graph.model();
}
