import { expect, test } from 'vitest';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { elementTypeNumbers } from '../../../models/onnx/element-type.ts';
import { changed, type OnnxModel } from '../../../models/onnx/model.ts';
import { createNode } from '../../../models/onnx/node.ts';
import { onnx } from '../../../models/onnx/proto/onnx.js';
import { decodeModel } from '../../../models/onnx/read.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { convertFp16 } from '../../../models/passes/convert-fp16.ts';
import type { PassOutcome } from '../../../models/passes/pass.ts';
import { toFloat16 } from '../../../models/passes/float16.ts';
import { goldenModel, goldenNames } from '../golden-models.ts';
import { quantizeDynamic } from '../../../models/passes/quantize-dynamic.ts';
import { quantizeStatic } from '../../../models/passes/quantize-static.ts';
import { quantizeWeights } from '../../../models/passes/quantize-weights.ts';
import { kernelsOf, runModel, signalToErrorDb } from '../run-model.ts';
import { calibrationOf, staticCases, staticModel } from '../static-golden.ts';

const none = { keep: '' };
/** Weights of these lie outside what float16 holds. */
const outside = ['below-normal', 'large', 'scale-below-normal', 'small', 'spread'];

test.for(goldenNames.filter((name) => !outside.includes(name)))(
  '%s in float16 keeps its inputs and outputs and stays within 45 dB',
  async (name) => expectClose(goldenModel(name)),
);

test.for(staticCases.map((one) => one.case).filter((name) => name !== 'static-large-bias'))(
  '%s in float16 keeps its inputs and outputs and stays within 45 dB',
  async (name) => expectClose(staticModel(name)),
);

test('a LayerNormalization whose deviation is read, which has no float16 form, stays in float32', async () => {
  const graph = buildGraph('statistics');
  graph.input('x', { type: 'float32', shape: ['batch', 8] });
  graph.initializer('w', {
    type: 'float32',
    shape: [8, 8],
    data: Float32Array.from({ length: 64 }, (_, at) => Math.cos(at)),
  });
  const made = graph.node('MatMul', ['x', 'w']);
  graph.initializer('scale', { type: 'float32', shape: [8], data: new Float32Array(8).fill(0.5) });
  const outputs = ['normalised', 'mean', 'deviation'];
  graph.node('LayerNormalization', [made, 'scale'], { outputs });
  graph.node('Mul', ['normalised', 'deviation'], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 8] });
  await expectClose(graph.model());
});

test('a network becomes about half its size', async () => {
  const source = goldenModel('wide');
  const converted = modelOf(await convertFp16.apply(source, none));
  expect(encodeModel(converted).length).toBeLessThan(0.55 * encodeModel(source).length);
  expect(converted.graph.initializer.every(({ dataType }) => dataType === elementTypeNumbers.float16)).toBe(
    true,
  );
});

test('the summary counts what was clamped and what stays', async () => {
  const graph = buildGraph('clamped');
  const weight = { type: 'float32', shape: [1, 3], data: Float32Array.of(1e6, 1e-9, 1) } as const;
  const product = graph.node('MatMul', [
    graph.input('x', { type: 'float32', shape: [1, 1] }),
    graph.initializer('w', weight),
  ]);
  graph.node('Max', [product], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [1, 3] });
  expect(await convertFp16.apply(graph.model(), none)).toMatchObject({
    summary:
      '1 nodes and 3 weights in float16, of them 1 clamped to 65504 and 1 raised to 5.96e-8; in float32: 1 Max',
  });
});

test.for(staticCases)('$case in integers keeps its integer kernels in float16', async (one) => {
  const parameters = {
    granularity: 'per-channel',
    activations: 'uint8',
    ranges: 'min-max',
    reduceRange: false,
  };
  const integers = modelOf(await quantizeStatic.apply(staticModel(one.case), parameters, calibrationOf(one)));
  const outcome = await convertFp16.apply(integers, none);
  const found = outcome.status === 'applied' ? outcome.model : integers;
  const kinds = (kernels: readonly string[]): string[] =>
    kernels.filter((kind) => /^Q|Integer/u.test(kind)).sort();
  expect(kinds(await kernelsOf(found))).toEqual(kinds(await kernelsOf(integers)));
});

test.for(['layers', 'bias', 'shared-input', 'sequence'])(
  '%s in dynamic integers keeps its integer kernels in float16',
  async (name) => {
    const parameters = { granularity: 'per-channel', reduceRange: false };
    const integers = modelOf(await quantizeDynamic.apply(goldenModel(name), parameters));
    const outcome = await convertFp16.apply(integers, none);
    const found = outcome.status === 'applied' ? outcome.model : integers;
    const products = (kernels: readonly string[]): string[] =>
      kernels.filter((kind) => kind.includes('MatMul'));
    expect(products(await kernelsOf(found))).toEqual(products(await kernelsOf(integers)));
  },
);

test('few-bit weights multiply float16 activations, with scales and bias in float16', async () => {
  const settings = { bits: 4, blockSize: 16, symmetry: 'symmetric', method: 'rtn' };
  const integers = modelOf(await quantizeWeights.apply(goldenModel('layers'), settings, null));
  const converted = modelOf(await convertFp16.apply(integers, none));
  const types = new Set(converted.graph.initializer.map(({ dataType }) => dataType));
  expect(types).toEqual(new Set([elementTypeNumbers.uint8, elementTypeNumbers.float16]));
  expect(signalToErrorDb(await runModel(integers, 4), await runModel(converted, 4))).toBeGreaterThan(35);
});

test('a weight that float16 and float32 nodes read is there for both', async () => {
  const graph = buildGraph('shared');
  const weight = { type: 'float32', shape: [2], data: Float32Array.of(1, 2) } as const;
  const w = graph.initializer('w', weight);
  const sum = graph.node('Add', [graph.input('x', { type: 'float32', shape: [2] }), w]);
  graph.node('Max', [sum, w], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [2] });
  const model = modelOf(await convertFp16.apply(graph.model(), none));
  expect(model.graph.initializer.map(({ name }) => name)).toEqual(['w', 'w_float16']);
  await expectClose(graph.model());
});

test('operators to keep stay in float32, with casts around them', async () => {
  const model = modelOf(await convertFp16.apply(staticModel('static-mlp'), { keep: 'Relu' }));
  const casts = model.graph.node.filter(({ opType }) => opType === 'Cast');
  // Into and out of each of two Relu, the input, and the output.
  expect(casts.length).toBe(6);
  await expectClose(staticModel('static-mlp'), 'Relu');
});

test('values that a graph inside a node takes from outside stay in float32 for it', async () => {
  const model = withBranches();
  const converted = modelOf(await convertFp16.apply(model, none));
  expect(converted.graph.node.find(({ opType }) => opType === 'If')?.attribute).toEqual(
    model.graph.node.find(({ opType }) => opType === 'If')?.attribute,
  );
  await expectClose(model);
});

test('weights that are NaN are refused, infinite ones pass: masks hold them', async () => {
  const of = (value: number): OnnxModel => {
    const graph = buildGraph('mask');
    const mask = graph.initializer('m', { type: 'float32', shape: [1], data: Float32Array.of(value) });
    graph.node('Add', [graph.input('x', { type: 'float32', shape: [1] }), mask], { outputs: ['y'] });
    graph.output('y', { type: 'float32', shape: [1] });
    return graph.model();
  };
  await expect(convertFp16.apply(of(NaN), none)).rejects.toMatchObject({ code: 'model-invalid' });
  const converted = modelOf(await convertFp16.apply(of(-Infinity), none));
  const expected = new Uint8Array(toFloat16(Float32Array.of(-Infinity)).bits.buffer);
  expect(converted.graph.initializer[0]?.rawData).toEqual(expected);
});

/** What makes `h` of `x`, [batch, 4], besides a product: operators whose float32 an attribute says, or says by its absence. */
const typed: Readonly<Record<string, (graph: GraphBuilder, x: string) => string>> = {
  ConstantOfShape: (graph, x) =>
    graph.node('Add', [x, graph.node('ConstantOfShape', [graph.node('Shape', [x])])]),
  HannWindow: (graph, x) => {
    const size = graph.initializer('size', { type: 'int64', shape: [], data: BigInt64Array.of(4n) });
    return graph.node('Mul', [x, graph.node('HannWindow', [size])]);
  },
  SequenceInsert: (graph, x) => {
    const at = graph.initializer('at', { type: 'int64', shape: [], data: BigInt64Array.of(0n) });
    const held = graph.node('SequenceInsert', [graph.node('SequenceEmpty', []), graph.node('Neg', [x])]);
    return graph.node('SequenceAt', [held, at]);
  },
};

test.for(Object.keys(typed))('%s stays in float32, with casts around it', async (opType) => {
  const graph = buildGraph('typed');
  const h = typed[opType]?.(graph, graph.input('x', { type: 'float32', shape: ['batch', 4] })) ?? '';
  const data = Float32Array.from({ length: 12 }, (_, at) => Math.sin(at));
  graph.node('MatMul', [h, graph.initializer('w', { type: 'float32', shape: [4, 3], data })], {
    outputs: ['y'],
  });
  graph.output('y', { type: 'float32', shape: ['batch', 3] });
  expect(await convertFp16.apply(graph.model(), none)).toMatchObject({
    summary: expect.stringContaining(`1 ${opType}`) as string,
  });
  await expectClose(graph.model());
});

test('clamps in constants of nodes are counted', async () => {
  const graph = buildGraph('constant');
  const tensor = { type: 'float32', shape: [2], data: Float32Array.of(1e6, 1e-9) } as const;
  const constant = graph.node('Constant', [], { attributes: { value: { tensor } } });
  graph.node('Mul', [graph.input('x', { type: 'float32', shape: [2] }), constant], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [2] });
  expect(await convertFp16.apply(graph.model(), none)).toMatchObject({
    summary: '2 nodes and 2 weights in float16, of them 1 clamped to 65504 and 1 raised to 5.96e-8',
  });
});

test('a graph without weights in float32 has nothing to do', async () => {
  const graph = buildGraph('weightless');
  graph.node('Relu', [graph.input('x', { type: 'float32', shape: [1] })], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [1] });
  expect(await convertFp16.apply(graph.model(), none)).toEqual({
    status: 'nothing-to-do',
    reason: 'no weight becomes float16: those that may compute in it, 1 Relu, have no float32 weights',
  });
});

test('operators to keep that the model has not are told', async () => {
  expect(await convertFp16.apply(staticModel('static-mlp'), { keep: 'Sofmax' })).toEqual({
    status: 'nothing-to-do',
    reason: 'there is no Sofmax to keep in float32: the graph has 3 Gemm, 2 Relu',
  });
  expect(await convertFp16.apply(staticModel('static-mlp'), { keep: 'Relu Sofmax' })).toMatchObject({
    summary: expect.stringContaining('; no Sofmax to keep in float32') as string,
  });
});

test('a graph without floats has nothing to do', async () => {
  const graph = buildGraph('integers');
  const x = graph.input('x', { type: 'int64', shape: [1] });
  graph.node('Add', [x, x], { outputs: ['y'] });
  graph.output('y', { type: 'int64', shape: [1] });
  expect(await convertFp16.apply(graph.model(), none)).toEqual({
    status: 'nothing-to-do',
    reason: 'no node computes in float32 and may in float16: the graph has 1 Add',
  });
});

async function expectClose(source: OnnxModel, keep = ''): Promise<void> {
  const written = encodeModel(modelOf(await convertFp16.apply(source, { keep })));
  const converted = decodeModel(written, 'converted.onnx');
  expect(converted.graph.input).toEqual(decodeModel(encodeModel(source), 'source.onnx').graph.input);
  const [expected, found] = [await runModel(source, 6), await runModel(converted, 6)];
  expect(found.map((tensor) => tensor.constructor)).toEqual(expected.map((tensor) => tensor.constructor));
  const isExact = expected.every((tensor, index) =>
    tensor.every((value, at) => value === found[index]?.[at]),
  );
  if (!isExact) expect(signalToErrorDb(expected, found)).toBeGreaterThan(45);
}

function modelOf(outcome: PassOutcome): OnnxModel {
  if (outcome.status !== 'applied') throw new Error(outcome.reason);
  return outcome.model;
}

/** `y = if condition then hidden + w else hidden`, with `hidden = x * w`. */
function withBranches(): OnnxModel {
  const graph = buildGraph('branches');
  const x = graph.input('x', { type: 'float32', shape: [2] });
  const w = graph.initializer('w', { type: 'float32', shape: [2], data: Float32Array.of(0.5, 2) });
  const condition = graph.initializer('condition', { type: 'bool', shape: [], data: Uint8Array.of(1) });
  graph.node('Mul', [x, w], { outputs: ['hidden'] });
  graph.node('If', [condition], { outputs: ['chosen'] });
  graph.node('Mul', ['chosen', w], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [2] });
  const model = graph.model();
  const branch = (name: string, opType: string, inputs: string[]): onnx.AttributeProto => {
    const node = createNode({ opType, inputs, outputs: [`${name}_y`], name });
    const output = [onnx.ValueInfoProto.create({ name: `${name}_y`, type: { tensorType: { elemType: 1 } } })];
    const g = onnx.GraphProto.create({ name, node: [node as never], output });
    return onnx.AttributeProto.create({ name, type: 5, g });
  };
  const attribute = [
    branch('then_branch', 'Add', ['hidden', 'w']),
    branch('else_branch', 'Identity', ['hidden']),
  ] as never;
  const node = model.graph.node.map((one) => (one.opType === 'If' ? changed(one, { attribute }) : one));
  return changed(model, { graph: changed(model.graph, { node }) });
}
