import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { elementCount } from '../../../core/tensor.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { changed, type OnnxGraph, type OnnxModel } from '../../../models/onnx/model.ts';
import { executedGraph } from '../../../models/onnx/optimize.ts';
import { readTensor } from '../../../models/onnx/tensor.ts';
import { startCalibration, type Calibration } from '../../../models/passes/calibration.ts';
import type { PassOutcome, PassParameters } from '../../../models/passes/pass.ts';
import { quantizeStatic } from '../../../models/passes/quantize-static.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';
import { drawnCalibration } from './small-calibration.ts';
import { draw } from './drawing.ts';
import { calibrationOf, staticCases, staticModel, type StaticCase } from '../static-golden.ts';

const plain = { granularity: 'per-channel', activations: 'uint8', ranges: 'min-max', reduceRange: false };

test.for(staticCases.flatMap((one) => one.quantized.map((expected) => ({ ...one, expected }))))(
  'integers, scales and zero points of $case, $expected.granularity, $expected.activations, reduced range: $expected.reduceRange, are those of Python',
  async ({ expected, ...one }) => {
    const { granularity, activations, reduceRange } = expected;
    const settings = { granularity, activations, reduceRange, ranges: 'min-max' };
    const outcome = await quantizeStatic.apply(staticModel(one.case), settings, calibrationOf(one));
    if (outcome.status === 'nothing-to-do') {
      expect([activations, outcome.reason]).toEqual([
        'int8',
        expect.stringContaining('whose kernel takes uint8 activations only'),
      ]);
      return;
    }
    const { values, constants } = quantizedIn(outcome.model.graph);
    expect(Object.keys(values).length).toBeGreaterThan(0);
    expect(values).toEqual(pick(expected.values, Object.keys(values)));
    // Python reduces the range of constants that are added, too, which no kernel needs.
    const compared = Object.keys(constants).filter(
      (name) => !reduceRange || constants[name]?.kind !== 'uint8',
    );
    expect(pick(constants, compared)).toMatchObject(pick(expected.constants, compared));
  },
);

test('a product whose residual sum ONNX Runtime would fold into a Gemm is quantized', async () => {
  const random = createRandom(11);
  const graph = buildGraph('residual rows');
  graph.input('x', { type: 'float32', shape: ['batch', 16] });
  const weight = (name: string): string => {
    const data = Float32Array.from({ length: 256 }, () => random.normal());
    return graph.initializer(name, { type: 'float32', shape: [16, 16], data });
  };
  const hidden = graph.node('Relu', [graph.node('MatMul', ['x', weight('first')])]);
  graph.node('Add', ['x', graph.node('MatMul', [hidden, weight('second')])], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 16] });
  const source = graph.model();
  const outcome = await quantizeStatic.apply(source, plain, drawnCalibration(source));
  if (outcome.status === 'nothing-to-do') throw new Error(outcome.reason);
  expect(outcome.summary).toContain('2 of 2 Conv, Gemm and MatMul weights quantized to int8');
  expect(signalToErrorDb(await runModel(source, 3), await runModel(outcome.model, 3))).toBeGreaterThan(25);
});

test('convolutions around a Resize that states the sizes of the last axes are quantized', async () => {
  const { graph, weight, sizes } = draw('resize');
  graph.input('x', { type: 'float32', shape: ['batch', 4, 5, 5] });
  const maps = graph.node('Relu', [graph.node('Conv', ['x', weight(8, 4, 1, 1)])]);
  const attributes = { axes: { ints: [2, -1] }, mode: { string: 'linear' } };
  const larger = graph.node('Resize', [maps, '', '', sizes(7, 9)], { attributes });
  graph.node('Conv', [larger, weight(4, 8, 1, 1)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4, 7, 9] });
  const source = graph.model();
  const outcome = await quantizeStatic.apply(source, plain, drawnCalibration(source));
  if (outcome.status === 'nothing-to-do') throw new Error(outcome.reason);
  expect(signalToErrorDb(await runModel(source, 3), await runModel(outcome.model, 3))).toBeGreaterThan(25);
});

test.for([
  [-3, 3],
  [-1, 6],
  [-2, 5],
  [0, 6],
] as const)('a convolution cut to %d to %d is quantized', async ([low, high]) => {
  const { graph, weight } = draw('hard tanh');
  graph.input('x', { type: 'float32', shape: ['batch', 4, 5, 5] });
  const bound = (name: string, value: number): string =>
    graph.initializer(name, { type: 'float32', shape: [], data: Float32Array.of(value) });
  const maps = graph.node('Conv', ['x', weight(8, 4, 1, 1)]);
  const cut = graph.node('Clip', [maps, bound('low', low), bound('high', high)]);
  graph.node('Conv', [cut, weight(4, 8, 1, 1)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4, 5, 5] });
  const source = graph.model();
  const outcome = await quantizeStatic.apply(source, plain, drawnCalibration(source));
  if (outcome.status === 'nothing-to-do') throw new Error(outcome.reason);
  expect(signalToErrorDb(await runModel(source, 3), await runModel(outcome.model, 3))).toBeGreaterThan(25);
});

/** What must run of each model, and nothing but it, the layout changes of Conv aside. */
const kernels: Readonly<Record<string, readonly string[]>> = {
  'static-mlp': ['QuantizeLinear', 'QGemm', 'QGemm', 'QGemm'],
  'static-mlp-transposed': ['QuantizeLinear', 'QGemm', 'QGemm', 'QGemm'],
  'static-mlp-without-bias': ['QuantizeLinear', 'QGemm', 'QGemm', 'QGemm'],
  'static-matmul': ['QuantizeLinear', 'QLinearMatMul', 'MatMulIntegerToFloat'],
  'static-sequence': ['QuantizeLinear', 'QLinearMatMul', 'QLinearAdd', 'MatMulIntegerToFloat', 'Add'],
  'static-conv': ['QuantizeLinear', 'QLinearConv', 'QLinearConv', 'DequantizeLinear'],
  'static-depthwise': ['QuantizeLinear', 'QLinearConv', 'QLinearConv', 'DequantizeLinear'],
  'static-clip': ['QuantizeLinear', 'QLinearConv', 'QLinearConv', 'DequantizeLinear'],
  'static-residual': [
    'QuantizeLinear',
    'QLinearConv',
    'QLinearConv',
    'QLinearAdd',
    'QLinearConv',
    'DequantizeLinear',
  ],
  'static-concat': [
    'QuantizeLinear',
    'QLinearConv',
    'QLinearConv',
    'QLinearConv',
    'QLinearConcat',
    'QLinearConv',
    'DequantizeLinear',
  ],
  'static-max-pool': ['QuantizeLinear', 'QLinearConv', 'NhwcMaxPool', 'QLinearConv', 'DequantizeLinear'],
  'static-average-pool': [
    'QuantizeLinear',
    'QLinearConv',
    'QLinearAveragePool',
    'QLinearConv',
    'DequantizeLinear',
  ],
  'static-classifier': ['QuantizeLinear', 'QLinearConv', 'QLinearGlobalAveragePool', 'Flatten', 'QGemm'],
  'static-swish': [
    'QuantizeLinear',
    'QLinearConv',
    'QLinearSigmoid',
    'QLinearMul',
    'QLinearConv',
    'DequantizeLinear',
  ],
  'static-leaky': ['QuantizeLinear', 'QLinearConv', 'QLinearLeakyRelu', 'QLinearConv', 'DequantizeLinear'],
  'static-scaled': ['QuantizeLinear', 'QLinearConv', 'QLinearConv', 'DequantizeLinear'],
  'static-batch-norm': ['QuantizeLinear', 'QLinearConv', 'QLinearConv', 'DequantizeLinear'],
};

test.for(Object.entries(kernels))('%s runs in integer kernels from end to end', async ([name, expected]) => {
  const model = modelOf(await quantize(name, plain));
  const executed = (await executedGraph(model)).node.map(({ opType }) => opType);
  expect(executed.filter((kind) => kind !== 'Transpose').sort()).toEqual([...expected].sort());
});

test.for(staticCases.map((one) => one.case).filter((name) => name !== 'static-large-bias'))(
  '%s in integers stays within 20 dB of itself in float',
  async (name) => {
    const [expected, found] = [staticModel(name), modelOf(await quantize(name, plain))];
    expect(signalToErrorDb(await runModel(expected, 5), await runModel(found, 5))).toBeGreaterThan(20);
  },
);

test('factors too far apart for one range are multiplied in floats', async () => {
  const graph = buildGraph('factors');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 4] });
  const eye = Float32Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? 1 : 0.1));
  for (const name of ['v', 'w']) graph.initializer(name, { type: 'float32', shape: [4, 4], data: eye });
  const factors = { type: 'float32', shape: [4], data: Float32Array.of(1, 0.5, 0.01, 0.003) } as const;
  const scaled = graph.node('Mul', [graph.node('MatMul', [x, 'v']), graph.initializer('factors', factors)]);
  graph.node('MatMul', [scaled, 'w'], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4] });
  const model = modelOf(await quantizeStatic.apply(graph.model(), plain, drawnCalibration(graph.model())));
  const executed = (await executedGraph(model)).node.map(({ opType }) => opType);
  expect(executed).toContain('Mul');
  expect(executed).not.toContain('QLinearMul');
});

test.for([
  ['uint8', 21],
  ['int8', 21],
  ['int8', 22],
  ['int8', 23],
  ['int8', 24],
  ['int8', 25],
  ['int8', 26],
] as const)(
  'a convolution before GroupNormalization runs with %s activations under operator set %i',
  async ([activations, version]) => {
    const graph = buildGraph('groups');
    const ones = (name: string, ...shape: number[]): string =>
      graph.initializer(name, {
        type: 'float32',
        shape,
        data: new Float32Array(elementCount(shape)).fill(1),
      });
    const x = graph.input('x', { type: 'float32', shape: ['batch', 3, 4, 4] });
    const made = graph.node('Conv', [x, ones('w', 8, 3, 1, 1)]);
    const groups = { attributes: { num_groups: { int: 4 } } };
    const normal = graph.node('GroupNormalization', [made, ones('scale', 8), ones('bias', 8)], groups);
    graph.node('Conv', [graph.node('Relu', [normal]), ones('v', 4, 8, 1, 1)], { outputs: ['y'] });
    graph.output('y', { type: 'float32', shape: ['batch', 4, 4, 4] });
    const made21 = graph.model();
    const source = changed(made21, {
      opsetImport: made21.opsetImport.map((set) => changed(set, { version })),
    });
    const calibration = drawnCalibration(source);
    const model = modelOf(await quantizeStatic.apply(source, { ...plain, activations }, calibration));
    const executed = (await executedGraph(model)).node.map(({ opType }) => opType);
    expect(executed).toContain('QLinearConv');
  },
);

test('a model without data to calibrate on is refused', async () => {
  const none = startCalibration({
    description: 'nothing',
    hash: 'nothing',
    batches: async function* () {
      await Promise.resolve();
      yield* [];
    },
  });
  await expect(quantizeStatic.apply(staticModel('static-mlp'), plain, none)).rejects.toMatchObject({
    code: 'dataset-invalid',
    message: expect.stringContaining('The calibration data have no sample') as string,
  });
});

test('a model that overflows on its data is refused by the name of the value', async () => {
  const graph = buildGraph('overflow');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 1] });
  const huge = graph.initializer('huge', { type: 'float32', shape: [1, 1], data: Float32Array.of(1e38) });
  graph.node('MatMul', [graph.node('MatMul', [x, huge], { outputs: ['h'] }), huge], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  await expect(quantizeStatic.apply(graph.model(), plain, rowsOf([10]))).rejects.toThrow(
    'The value "h" is NaN or infinite on calibration data',
  );
});

test('a graph with nothing to multiply says what it has', async () => {
  const graph = buildGraph('relu');
  graph.node('Relu', [graph.input('x', { type: 'float32', shape: ['batch', 1] })], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  expect(await quantizeStatic.apply(graph.model(), plain, rowsOf([1]))).toEqual({
    status: 'nothing-to-do',
    reason: 'no Conv, MatMul or Gemm has a constant float32 weight: the graph has 1 Relu',
  });
});

test('an operator set before 11 is named', async () => {
  const model = staticModel('static-mlp');
  const opsetImport = model.opsetImport.map((set) => changed(set, { version: 9 }));
  expect(await quantizeStatic.apply(changed(model, { opsetImport }), plain, rowsOf([1]))).toEqual({
    status: 'nothing-to-do',
    reason: 'it needs operator set 13, the model has 9',
  });
});

test('the summary counts what became integers and names the data', async () => {
  expect(await quantize('static-residual', plain)).toMatchObject({
    summary:
      '3 of 3 Conv, Gemm and MatMul weights quantized to int8, per channel; activations uint8, min-max ranges of static-residual; in integers between them: 1 Add',
  });
});

function quantize(name: string, settings: PassParameters): Promise<PassOutcome> {
  return quantizeStatic.apply(staticModel(name), settings, calibrationOf(caseOf(name)));
}

function caseOf(name: string): StaticCase {
  const found = staticCases.find((one) => one.case === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

function modelOf(outcome: PassOutcome): OnnxModel {
  if (outcome.status !== 'applied') throw new Error(outcome.reason);
  return outcome.model;
}

function rowsOf(values: readonly number[]): Calibration {
  return startCalibration({
    description: 'rows',
    hash: 'rows',
    batches: async function* () {
      const data = Float32Array.from(values);
      yield await Promise.resolve({ x: { type: 'float32' as const, shape: [values.length, 1], data } });
    },
  });
}

interface Quantized {
  values: StaticCase['quantized'][number]['values'];
  constants: Record<string, StaticCase['quantized'][number]['constants'][string] & { kind: string }>;
}

/** Scales and zero points by value, integers and scales by constant, as the golden file has them. */
function quantizedIn(graph: OnnxGraph): Quantized {
  const stored = new Map(graph.initializer.map((tensor) => [tensor.name, readTensor(tensor)]));
  const data = (name = ''): number[] => Array.from(stored.get(name)?.data ?? [], Number);
  const found: Quantized = { values: {}, constants: {} };
  for (const { opType, input, output } of graph.node) {
    if (opType === 'QuantizeLinear') {
      const [scale = NaN, zeroPoint = NaN] = [...data(input[1]), ...data(input[2])];
      found.values[(input[0] ?? '').replace(/_float$/, '')] = [scale, zeroPoint];
    }
    const [values, scale] = [stored.get(input[0] ?? ''), stored.get(input[1] ?? '')];
    if (opType !== 'DequantizeLinear' || values === undefined || scale === undefined) continue;
    const name = (output[0] ?? '').replace(/_dequantized$/, '');
    found.constants[name] = { kind: values.type, values: encode(values), scale: encode(scale) };
  }
  return found;
}

function encode(tensor: ReturnType<typeof readTensor>): { shape: number[]; base64: string } {
  const { buffer, byteOffset, byteLength } = tensor.data as Float32Array;
  return {
    shape: [...tensor.shape],
    base64: Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
  };
}

function pick<Item>(
  all: Readonly<Record<string, Item>>,
  names: readonly string[],
): Record<string, Item | undefined> {
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}
