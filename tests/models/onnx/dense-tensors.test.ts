import { expect, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { changed, type OnnxModel, type OnnxNode, type OnnxSparseTensor } from '../../../models/onnx/model.ts';
import { createNode } from '../../../models/onnx/node.ts';
import { onnx } from '../../../models/onnx/proto/onnx.js';
import { createTensor } from '../../../models/onnx/tensor.ts';
import { applyPasses } from '../../../models/passes/apply.ts';
import { parseVariant, stepsOn } from '../../../models/variant.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';
import { drawnCalibration } from '../passes/small-calibration.ts';

/** Places of the two weights of [4, 3] that are not zero: one number each, or a row and a column. */
const forms = {
  'row-major': { shape: [2], data: BigInt64Array.of(1n, 11n) },
  'row and column': { shape: [2, 2], data: BigInt64Array.of(0n, 1n, 3n, 2n) },
};

test.for(['fp16', 'int8-dynamic', 'int8-static', 'prune-magnitude-90'])(
  'sparse weights become by %s what plain ones become',
  async (variant) => {
    const expected = await runModel(await made(product(), variant), 3);
    for (const indices of Object.values(forms))
      for (const model of [withSparse(product(), indices), withSparseConstant(product(), indices)]) {
        const found = await runModel(await made(model, variant), 3);
        expect(signalToErrorDb(expected, found)).toBe(Infinity);
      }
  },
);

function product(): OnnxModel {
  const graph = buildGraph('product');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 4] });
  const data = new Float32Array(12).with(1, 0.5).with(11, -3);
  const made = graph.node('MatMul', [x, graph.initializer('w', { type: 'float32', shape: [4, 3], data })]);
  graph.node('Relu', [made], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3] });
  return graph.model();
}

/** Of AttributeProto.AttributeType. */
const sparseTensorAttribute = 11;

interface Indices {
  shape: number[];
  data: BigInt64Array;
}

function withSparse(model: OnnxModel, indices: Indices): OnnxModel {
  const sparseInitializer = [sparseTensor('w', indices)];
  return changed(model, { graph: changed(model.graph, { initializer: [], sparseInitializer }) });
}

function withSparseConstant(model: OnnxModel, indices: Indices): OnnxModel {
  const attribute = onnx.AttributeProto.create({
    name: 'sparse_value',
    type: sparseTensorAttribute,
    sparseTensor: sparseTensor('', indices),
  });
  const constant = createNode({ opType: 'Constant', name: '', inputs: [], outputs: ['w'] });
  constant.attribute.push(attribute as OnnxNode['attribute'][number]);
  const node = [constant, ...model.graph.node];
  return changed(model, { graph: changed(model.graph, { initializer: [], node }) });
}

function sparseTensor(name: string, indices: Indices): OnnxSparseTensor {
  return onnx.SparseTensorProto.create({
    values: createTensor(name, { type: 'float32', shape: [2], data: Float32Array.of(0.5, -3) }),
    indices: createTensor('', { type: 'int64', ...indices }),
    dims: [4, 3],
  }) as OnnxSparseTensor;
}

async function made(source: OnnxModel, variant: string): Promise<OnnxModel> {
  const steps = stepsOn(parseVariant(variant), 'onnx') ?? [];
  const applied = await applyPasses(source, steps, drawnCalibration(source));
  if ('reason' in applied) throw new Error(applied.reason);
  return applied.model;
}
