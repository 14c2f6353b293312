import { expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { elementCount } from '../../core/tensor.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import { changed, type OnnxModel } from '../../models/onnx/model.ts';
import { newestOpset, oldestOpset } from '../../models/onnx/opset.ts';
import { decodeModel } from '../../models/onnx/read.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { applyPasses } from '../../models/passes/apply.ts';
import { parseVariant, stepsOn } from '../../models/variant.ts';
import { drawnCalibration } from './passes/small-calibration.ts';
import { runModel, signalToErrorDb } from './run-model.ts';

/** Of a model with drawn weights, small enough that a seed decides: what is pruned only has to run. */
const leastDb: Readonly<Record<string, number>> = {
  'int8-dynamic': 20,
  'int8-static': 20,
  'int8-static-i8': 20,
  'smooth-quant+int8-static': 20,
  'int8-weights': 20,
  'int4-weights-gptq': 5,
  fp16: 50,
  'prune-magnitude-50': -20,
  'prune-2-of-4': -20,
  'prune-wanda-50': -20,
  'prune-sparsegpt-50': -20,
  'prune-neurons-50': -20,
  'prune-channels-50': -20,
  'prune-heads-50': -20,
};

const versions = Array.from({ length: newestOpset - oldestOpset + 1 }, (_, at) => oldestOpset + at);

test.for(versions)('a model of operator set %i is read and written to the byte', (version) => {
  const bytes = encodeModel(everyKind(version));
  expect(Buffer.from(encodeModel(decodeModel(bytes, 'model.onnx'))).equals(bytes)).toBe(true);
});

test.for(versions)('every pass makes a model that runs of one of operator set %i', async (version) => {
  const source = everyKind(version);
  const expected = await runModel(source, 4);
  const failed: Record<string, string> = {};
  for (const [variant, least] of Object.entries(leastDb)) {
    const steps = stepsOn(parseVariant(variant), 'onnx') ?? [];
    const made = await applyPasses(source, steps, drawnCalibration(source));
    const found = 'reason' in made ? made.reason : signalToErrorDb(expected, await runModel(made.model, 4));
    if (typeof found === 'string' || !(found > least)) failed[variant] = `${found}`;
  }
  expect(failed).toEqual({});
});

/** Convolution and pooling, attention of two heads and layers with neurons, of operators that mean the same in all sets. */
function everyKind(version: number): OnnxModel {
  const graph = buildGraph('every-kind');
  const random = createRandom(21);
  let count = 0;
  const weight = (...shape: number[]): string => {
    const data = Float32Array.from({ length: elementCount(shape) }, () => random.normal() / 4);
    return graph.initializer(`w${count++}`, { type: 'float32', shape, data });
  };
  const sizes = (...values: number[]): string =>
    graph.initializer(`sizes${count++}`, {
      type: 'int64',
      shape: [values.length],
      data: BigInt64Array.from(values, BigInt),
    });
  const attributes = { kernel_shape: { ints: [3, 3] }, pads: { ints: [1, 1, 1, 1] } };
  const images = graph.input('x', { type: 'float32', shape: ['batch', 2, 8, 8] });
  const maps = graph.node('Relu', [
    graph.node('Conv', [images, weight(16, 2, 3, 3), weight(16)], { attributes }),
  ]);
  const mixed = graph.node('Relu', [
    graph.node('Conv', [maps, weight(16, 16, 3, 3), weight(16)], { attributes }),
  ]);
  const pooled = graph.node('MaxPool', [mixed], {
    attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
  });
  const tokens = graph.node('Reshape', [pooled, sizes(0, 16, 16)]);
  const split = (perm: number[]): string => {
    const projected = graph.node('MatMul', [tokens, weight(16, 16)]);
    const heads = graph.node('Reshape', [projected, sizes(0, 0, 2, 8)]);
    return graph.node('Transpose', [heads], { attributes: { perm: { ints: perm } } });
  };
  const scores = graph.node('MatMul', [split([0, 2, 1, 3]), split([0, 2, 3, 1])]);
  const shares = graph.node('Softmax', [scores], { attributes: { axis: { int: -1 } } });
  const attended = graph.node('MatMul', [shares, split([0, 2, 1, 3])]);
  const joined = graph.node('Transpose', [attended], { attributes: { perm: { ints: [0, 2, 1, 3] } } });
  const sum = graph.node('Add', [
    tokens,
    graph.node('MatMul', [graph.node('Reshape', [joined, sizes(0, 0, 16)]), weight(16, 16)]),
  ]);
  const flat = graph.node('Flatten', [sum]);
  const hidden = graph.node('Relu', [graph.node('Gemm', [flat, weight(256, 32), weight(32)])]);
  graph.node('Gemm', [hidden, weight(32, 10), weight(10)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 10] });
  const model = graph.model();
  return changed(model, { opsetImport: model.opsetImport.map((set) => changed(set, { version })) });
}
