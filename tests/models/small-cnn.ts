import { createRandom } from '../../core/random.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';
import { drawnTensor } from './drawn-tensor.ts';

/** Two convolutions, weights of the second large enough to be kept in another file, and a layer of classes. */
export function smallCnn(): OnnxModel {
  const graph = buildGraph('small-cnn');
  const random = createRandom(11);
  const weight = (name: string, ...shape: number[]): string =>
    graph.initializer(name, drawnTensor(random, shape));
  const images = graph.input('x', { type: 'float32', shape: ['batch', 4, 6, 6] });
  const first = graph.node('Relu', [
    graph.node('Conv', [images, weight('w1', 16, 4, 3, 3), weight('b1', 16)]),
  ]);
  const second = graph.node('Relu', [graph.node('Conv', [first, weight('w2', 32, 16, 3, 3)])]);
  const flat = graph.node('Flatten', [graph.node('GlobalAveragePool', [second])]);
  graph.node('Gemm', [flat, weight('w3', 32, 10), weight('b3', 10)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 10] });
  return graph.model();
}
