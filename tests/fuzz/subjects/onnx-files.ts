import type { Random } from '../../../core/random.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { csvRows, datasetManifest, linearModel, suite } from '../../cli/project.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { mutateTree } from '../mutate-tree.ts';
import { runUntimed } from '../run-untimed.ts';
import type { Subject } from '../subject.ts';

const variants = ['int8-dynamic', 'int8-static', 'fp16', 'prune-magnitude-50', 'prune-channels-50'];

/** ONNX files: bytes, and values of a whole message that is written again. */
export const onnxFiles: Subject = {
  write: async ({ write }, random) => {
    const rows = csvRows(20);
    await write('mine.csv', rows);
    await write('mine.dataset.json', JSON.stringify(datasetManifest(rows)));
    await write('mine.onnx', damagedModel(random));
    const variant = variants[random.below(variants.length)] ?? '';
    await write('mine.suite.json', JSON.stringify({ ...suite, variants: [variant] }));
  },
  use: (folder, host) => runUntimed(folder, 'mine.suite.json', host),
  args: ['validate', 'mine.suite.json'],
};

function damagedModel(random: Random): Uint8Array {
  if (random.below(4) === 0) return mutateBytes(linearModel(2), random);
  const model = deepModel();
  if (random.below(3) === 0) return mutateBytes(encodeModel(model), random);
  try {
    return encodeModel(mutateTree(plain(model), random) as OnnxModel);
  } catch {
    // What the encoder refuses is no message.
    return mutateBytes(encodeModel(model), random);
  }
}

/** Without prototypes, which a copy would lose together with the defaults they hold. */
function plain(model: OnnxModel): object {
  return { ...model, graph: { ...model.graph } };
}

/** Two numbers through layers of many kinds: matrices, a convolution, shapes made of shapes, a normalization. */
function deepModel(): OnnxModel {
  const graph = buildGraph('deep');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2] });
  const hidden = graph.node('Relu', [
    graph.node('Gemm', [x, weights(graph, 'w1', [2, 8]), weights(graph, 'b1', [8])]),
  ]);
  const image = graph.node('Reshape', [hidden, integers(graph, 'square', [-1, 1, 2, 4])]);
  const kernel = weights(graph, 'kernel', [4, 1, 2, 2]);
  const attributes = { kernel_shape: { ints: [2, 2] }, pads: { ints: [0, 0, 1, 1] } };
  const seen = graph.node('Conv', [image, kernel], { attributes });
  const flat = graph.node('Reshape', [seen, integers(graph, 'flat', [-1, 32])]);
  const normal = graph.node('LayerNormalization', [flat, weights(graph, 'scale', [32])]);
  const product = graph.node('MatMul', [normal, weights(graph, 'w2', [32, 1])]);
  graph.node('Add', [product, weights(graph, 'b2', [1])], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  return graph.model();
}

function weights(graph: GraphBuilder, name: string, shape: readonly number[]): string {
  const length = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length }, (_, index) => Math.sin(index + 1));
  return graph.initializer(name, { type: 'float32', shape: [...shape], data });
}

function integers(graph: GraphBuilder, name: string, values: readonly number[]): string {
  const data = BigInt64Array.from(values.map(BigInt));
  return graph.initializer(name, { type: 'int64', shape: [values.length], data });
}
