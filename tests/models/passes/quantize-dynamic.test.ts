import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { AssayError } from '../../../core/errors.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { changed, type OnnxModel } from '../../../models/onnx/model.ts';
import { readTensor, shapeOf } from '../../../models/onnx/tensor.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import type { PassOutcome } from '../../../models/passes/pass.ts';
import { quantizeDynamic } from '../../../models/passes/quantize-dynamic.ts';
import { goldenFile, goldenModel, goldenNames } from '../golden-models.ts';
import { kernelsOf, runModel, signalToErrorDb } from '../run-model.ts';

const stored = z.object({ shape: z.array(z.int()), base64: z.string() });
const goldenSchema = z.object({
  madeBy: z.string(),
  quantized: z.array(
    z.object({
      case: z.string(),
      granularity: z.enum(['per-channel', 'per-tensor']),
      reduceRange: z.boolean(),
      weights: z.array(z.object({ weight: z.string(), values: stored, scale: stored, zeroPoint: stored })),
    }),
  ),
});
const golden = goldenSchema.parse(JSON.parse(readFileSync(goldenFile('quantize-dynamic.json'), 'utf8')));
type Expected = (typeof golden.quantized)[number];

const perChannel = { granularity: 'per-channel', reduceRange: false };

test.for(golden.quantized.map((expected) => [titleOf(expected), expected] as const))(
  'the weights, scales and zero points of %s equal those of Python to the bit',
  async ([, expected]) => {
    const { granularity, reduceRange, weights } = perTensorWhereStacked(expected);
    const outcome = await quantizeDynamic.apply(goldenModel(expected.case), { granularity, reduceRange });
    expect(outcome.status).toBe(weights.length === 0 ? 'nothing-to-do' : 'applied');
    if (outcome.status === 'nothing-to-do') return;
    const found = int8WeightsOf(outcome.model).filter(({ weight }) => weight !== foldedAlpha);
    expect(found).toEqual(weights);
  },
);

/** The weight of `mixed` that alpha is folded into: Python leaves a Gemm with one in float. */
const foldedAlpha = 'scaled_scaled';

function titleOf({ case: name, granularity, reduceRange }: Expected): string {
  return `${name}, ${granularity}${reduceRange ? ', reduced range' : ''}`;
}

/** Python writes a scale and zero point per column for stacked weights, which ONNX Runtime then refuses to run. */
function perTensorWhereStacked(expected: Expected): Expected {
  if (expected.case !== 'stacked') return expected;
  const found = golden.quantized.find(
    (other) =>
      other.case === 'stacked' &&
      other.granularity === 'per-tensor' &&
      other.reduceRange === expected.reduceRange,
  );
  return { ...expected, weights: found?.weights ?? [] };
}

function int8WeightsOf(model: OnnxModel): Expected['weights'] {
  const byName = new Map(model.graph.initializer.map((tensor) => [tensor.name, tensor]));
  const read = (name: string): { shape: number[]; base64: string } => {
    const tensor = byName.get(name);
    if (tensor === undefined) throw new Error(`no tensor ${name}`);
    return { shape: shapeOf(tensor), base64: Buffer.from(tensor.rawData).toString('base64') };
  };
  const names = [...byName.keys()]
    .filter((name) => name.endsWith('_quantized'))
    .map((name) => name.slice(0, -10));
  return names.sort().map((weight) => ({
    weight,
    values: read(`${weight}_quantized`),
    scale: read(`${weight}_scale`),
    zeroPoint: read(`${weight}_zero_point`),
  }));
}

test('the golden weights cover every case, and 128 weights of 29 models', () => {
  expect(new Set(golden.quantized.map((one) => one.case))).toEqual(new Set(goldenNames));
  expect(golden.quantized.flatMap((one) => one.weights)).toHaveLength(128);
  expect(golden.madeBy).toContain('1.30.0');
});

/** Weights so small that their scale is not a normal float32 become zero, as in Python; for zeros there is no signal. */
const silent = ['all-zero', 'below-normal'];
/** One value for all weights, columns 10^12 apart, and weights halfway between two steps: harder than weights of a network. */
const hard = ['constant', 'spread', 'ties'];
const quantizable = goldenNames.filter((name) => name !== 'transposed-input');
/** Sums of two products stay within 16 bits: for the model ONNX Runtime cannot load with its own guard against that. */
const unsaturated = { granularity: 'per-channel', reduceRange: true };
const settings = [perChannel, { granularity: 'per-tensor', reduceRange: false }];

test.for(quantizable.filter((name) => !silent.includes(name)))(
  'the outputs of %s keep 25 dB over the error, and 35 dB where weights are ordinary',
  async (name) => {
    const source = goldenModel(name);
    const expected = await runModel(source, 1);
    for (const parameters of name === 'shared-weight' ? [unsaturated] : settings) {
      const found = await runModel(modelOf(await quantizeDynamic.apply(source, parameters)), 1);
      expect(signalToErrorDb(expected, found)).toBeGreaterThan(hard.includes(name) ? 25 : 35);
    }
  },
);

test.for(silent)('the outputs of %s are exactly zero', async (name) => {
  const found = await runModel(modelOf(await quantizeDynamic.apply(goldenModel(name), perChannel)), 1);
  expect(found.flatMap((output) => [...output]).every((value) => value === 0)).toBe(true);
});

test.for(quantizable)('ONNX Runtime fuses the products of %s into its int8 kernels', async (name) => {
  const kernels = await kernelsOf(modelOf(await quantizeDynamic.apply(goldenModel(name), perChannel)));
  const expected = name === 'shared-input' ? 'MatMulIntegerToFloat' : 'DynamicQuantizeMatMul';
  const ofPython = golden.quantized.find((one) => one.case === name)?.weights.length ?? 0;
  const products = ofPython + (name === 'mixed' ? 1 : 0);
  expect(kernels.filter((kernel) => kernel === expected)).toHaveLength(
    name === 'shared-weight' ? 2 : products,
  );
  expect(kernels).not.toContain('MatMulInteger');
});

test('products of one input share its quantization', async () => {
  const { graph } = modelOf(await quantizeDynamic.apply(goldenModel('shared-input'), perChannel));
  expect(graph.node.filter(({ opType }) => opType === 'DynamicQuantizeLinear')).toHaveLength(1);
  expect(graph.node.filter(({ opType }) => opType === 'MatMulInteger')).toHaveLength(3);
});

test('the float weights leave the file, and the source model stays as it was', async () => {
  const source = goldenModel('layers');
  const before = encodeModel(source);
  const { graph } = modelOf(await quantizeDynamic.apply(source, perChannel));
  expect(graph.initializer.map(({ name }) => name)).not.toContain('w0');
  expect(graph.initializer.map(({ name }) => name)).toContain('b0');
  expect(encodeModel(source)).toEqual(before);
});

test('a weight that another node reads too stays in the file', async () => {
  const graph = smallGraph();
  graph.node('MatMul', ['x', 'w'], { outputs: ['h'] });
  graph.node('Add', ['h', 'w'], { outputs: ['y'] });
  const model = modelOf(await quantizeDynamic.apply(graph.model(), perChannel));
  expect(model.graph.initializer.map(({ name }) => name)).toContain('w');
  expect(await runModel(model, 1)).toHaveLength(1);
});

test('new values take names that are free', async () => {
  const graph = smallGraph();
  graph.node('Relu', ['x'], { outputs: ['w_quantized'] });
  graph.node('Relu', ['w_quantized'], { outputs: ['x_scale'], name: 'y_Mul' });
  graph.node('MatMul', ['x_scale', 'w'], { outputs: ['y'] });
  const model = modelOf(await quantizeDynamic.apply(graph.model(), perChannel));
  const values = model.graph.node.flatMap(({ output }) => output);
  expect(new Set(values).size).toBe(values.length);
  expect(await runModel(model, 1)).toHaveLength(1);
});

test('a weight used plain and transposed becomes two', async () => {
  const graph = smallGraph();
  graph.node('MatMul', ['x', 'w'], { outputs: ['h'] });
  graph.node('Gemm', ['h', 'w'], { outputs: ['y'], attributes: { transB: { int: 1 } } });
  const model = modelOf(
    await quantizeDynamic.apply(graph.model(), { granularity: 'per-tensor', reduceRange: false }),
  );
  const [plain, transposed] = int8WeightsIn(model);
  expect(transposed).toEqual([0, 2, 1, 3].map((index) => plain?.[index]));
});

test('nodes that come in the wrong order are sorted', async () => {
  const { graph, ...model } = goldenModel('layers');
  const reversed = { ...model, graph: changed(graph, { node: graph.node.toReversed() }) };
  const sorted = modelOf(await quantizeDynamic.apply(reversed, perChannel));
  expect(encodeModel(sorted)).toEqual(
    encodeModel(modelOf(await quantizeDynamic.apply({ ...model, graph }, perChannel))),
  );
});

test.for([
  ['layers', '3 of 3 MatMul and Gemm weights quantized to int8, per channel'],
  [
    'mixed',
    '2 of 3 MatMul and Gemm weights quantized to int8, per channel; left in float: 1 whose weight is computed',
  ],
  [
    'stacked',
    '1 of 1 MatMul and Gemm weights quantized to int8, per channel; 1 of more than two axes per tensor',
  ],
] as const)('the summary of %s says what was quantized', async ([name, summary]) => {
  expect(await quantizeDynamic.apply(goldenModel(name), perChannel)).toMatchObject({ summary });
});

test('the summary tells per-tensor scales and a reduced range', async () => {
  const outcome = await quantizeDynamic.apply(goldenModel('bias'), {
    granularity: 'per-tensor',
    reduceRange: true,
  });
  expect(outcome).toMatchObject({
    summary: '1 of 1 MatMul and Gemm weights quantized to int8, per tensor, range reduced to 7 bits',
  });
});

test('a model without constant products gives a reason and no file', async () => {
  const graph = smallGraph();
  graph.node('Relu', ['x'], { outputs: ['y'] });
  expect(await quantizeDynamic.apply(graph.model(), perChannel)).toEqual({
    status: 'nothing-to-do',
    reason: 'no MatMul or Gemm has a constant float32 weight: the graph has 1 Relu',
  });
});

test.for([NaN, Infinity])('a weight that is %s is refused with its place', async (value) => {
  const graph = smallGraph([1, 2, value, 4]);
  graph.node('MatMul', ['x', 'w'], { outputs: ['y'] });
  await expect(quantizeDynamic.apply(graph.model(), perChannel)).rejects.toThrow(
    expect.objectContaining({
      code: 'model-invalid',
      message: `Weights "w" hold ${value} at index 2; a pass needs finite weights.`,
    }),
  );
});

test('a weight whose scale would pass float32 is refused', async () => {
  const graph = smallGraph([1, 2, 3e38, 4]);
  graph.node('MatMul', ['x', 'w'], { outputs: ['y'] });
  await expect(quantizeDynamic.apply(graph.model(), perChannel)).rejects.toThrow(
    'Weights "w" pass 1.7e38 in magnitude; their int8 scale is not a float32.',
  );
});

test('unknown parameters are refused', async () => {
  await expect(
    quantizeDynamic.apply(goldenModel('bias'), { granularity: 'per-row', reduceRange: false }),
  ).rejects.toThrow(AssayError);
});

function smallGraph(weights: readonly number[] = [1, 2, 3, 4]): GraphBuilder {
  const graph = buildGraph('small');
  graph.input('x', { type: 'float32', shape: [2, 2] });
  graph.initializer('w', { type: 'float32', shape: [2, 2], data: Float32Array.from(weights) });
  graph.output('y', { type: 'float32', shape: [2, 2] });
  return graph;
}

function modelOf(outcome: PassOutcome): OnnxModel {
  if (outcome.status === 'applied') return outcome.model;
  throw new Error(`nothing to do: ${outcome.reason}`);
}

function int8WeightsIn(model: OnnxModel): number[][] {
  const int8 = model.graph.initializer.filter(({ name }) => name.includes('_quantized'));
  return int8.map((tensor) => [...(readTensor(tensor).data as Int8Array)]);
}
