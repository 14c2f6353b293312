import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { decodeModel } from '../../../models/onnx/read.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { numberOf } from '../../../models/onnx/model.ts';

test('a built model runs, and says its operator set, IR version and producer', async () => {
  const graph = buildGraph('line');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2] });
  const w = graph.initializer('w', { type: 'float32', shape: [2, 1], data: Float32Array.of(2, 3) });
  const product = graph.node('MatMul', [x, w]);
  graph.node('Mul', [product, product], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  const bytes = encodeModel(graph.model());
  const session = await ort.InferenceSession.create(bytes);
  expect(session.inputMetadata).toMatchObject([{ name: 'x', type: 'float32', shape: ['batch', 2] }]);
  const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.of(1, 1, 2, 0), [2, 2]) });
  expect(y?.data).toEqual(Float32Array.of(25, 16));
  const model = decodeModel(bytes, 'line.onnx');
  expect([numberOf(model.irVersion), model.producerName]).toEqual([10, 'assay']);
  expect(model.opsetImport.map(({ domain, version }) => [domain, numberOf(version)])).toEqual([['', 21]]);
});

test('attributes of every kind reach the operator', async () => {
  const graph = buildGraph('attributes');
  const x = graph.input('x', { type: 'float32', shape: [1, 3] });
  const turned = graph.node('Transpose', [x], { attributes: { perm: { ints: [1, 0] } } });
  const leaky = graph.node('LeakyRelu', [turned], { attributes: { alpha: { float: 0.5 } } });
  const one = { type: 'float32', shape: [1], data: Float32Array.of(1) } as const;
  const constant = graph.node('Constant', [], { attributes: { value: { tensor: one } } });
  const floats = graph.node('Constant', [], { attributes: { value_floats: { floats: [10, 20, 30] } } });
  const sum = graph.node('Add', [leaky, constant]);
  const joined = graph.node(
    'Concat',
    [sum, graph.node('Cast', [turned], { attributes: { to: { int: 1 } } })],
    {
      attributes: { axis: { int: 1 } },
    },
  );
  const equation = { equation: { string: 'ij,i->j' } };
  graph.node('Einsum', [joined, floats], { outputs: ['y'], attributes: equation });
  graph.output('y', { type: 'float32', shape: [2] });
  const session = await ort.InferenceSession.create(encodeModel(graph.model()));
  const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.of(-2, 1, 2), [1, 3]) });
  expect(y?.data).toEqual(Float32Array.of(10 * 0 + 20 * 2 + 30 * 3, 10 * -2 + 20 * 1 + 30 * 2));
});

test("an operator of ONNX Runtime's own brings its domain", async () => {
  const graph = buildGraph('contrib');
  const x = graph.input('x', { type: 'float32', shape: [2] });
  graph.node('Gelu', [x], { domain: 'com.microsoft', outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [2] });
  const model = graph.model();
  expect(model.opsetImport.map(({ domain }) => domain)).toEqual(['', 'com.microsoft']);
  const session = await ort.InferenceSession.create(encodeModel(model));
  const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.of(0, 100), [2]) });
  expect(y?.data).toEqual(Float32Array.of(0, 100));
});
