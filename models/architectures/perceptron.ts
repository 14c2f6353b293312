import { createRandom } from '../../core/random.ts';
import { buildGraph } from '../onnx/builder.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { drawnWeight, type Network } from './layers.ts';

/** Four Gemm layers of width 1024 with Relu between: float32 [batch, 1024] to the same, weights drawn by seed. */
export function perceptron(seed: number): OnnxModel {
  const graph = buildGraph('perceptron');
  const network: Network = { graph, random: createRandom(seed), weights: 0 };
  const size = 1024;
  let value = graph.input('x', { type: 'float32', shape: ['batch', size] });
  for (let layer = 0; layer < 4; layer++) {
    const inputs = [value, drawnWeight(network, [size, size], 2 / size), drawnWeight(network, [size], 0.01)];
    const isLast = layer === 3;
    value = graph.node('Gemm', inputs, isLast ? { outputs: ['y'] } : {});
    if (!isLast) value = graph.node('Relu', [value]);
  }
  graph.output('y', { type: 'float32', shape: ['batch', size] });
  return graph.model();
}
