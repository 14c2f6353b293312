import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { elementCount } from '../../../core/tensor.ts';
import { buildVariant } from '../../../models/build.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { changed, type OnnxModel } from '../../../models/onnx/model.ts';
import { createNode } from '../../../models/onnx/node.ts';
import { decodeModel } from '../../../models/onnx/read.ts';
import { createTensor, readTensor } from '../../../models/onnx/tensor.ts';
import { startCalibration } from '../../../models/passes/calibration.ts';
import type { PassOutcome, PassParameters } from '../../../models/passes/pass.ts';
import { convertFp16 } from '../../../models/passes/convert-fp16.ts';
import { pruneChannels, pruneHeads, pruneNeurons } from '../../../models/passes/prune-structures.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';
import { catalogModel } from './catalog-calibration.ts';
import { drawnCalibration } from './small-calibration.ts';
import { draw } from './drawing.ts';
import { networks } from './structure/networks.ts';

const fitted = { sparsity: 0.5, importance: 'activations', reconstruction: 'least-squares', multiple: 8 };
const byWeights = { ...fitted, importance: 'weights' };
const plain = { ...byWeights, reconstruction: 'none' };

test.for([
  ['cars-mlp', 'mean squared error', pruneNeurons, fitted],
  ['tumours-mlp', 'accuracy', pruneNeurons, fitted],
  ['digits-cnn', 'accuracy', pruneChannels, byWeights],
  ['grammar-transformer', 'greedy exact match', pruneHeads, { ...fitted, multiple: 1 }],
  ['grammar-transformer', 'perplexity', pruneNeurons, fitted],
] as const)(
  'of what removing half of the units costs %s, refitting wins back four fifths',
  { timeout: 120_000 },
  async ([id, figure, pass, parameters]) => {
    const { source, calibration, figures } = await catalogModel(id);
    const figureOf = async (settings: PassParameters): Promise<number> => {
      const outcome = await pass.apply(source, settings, startCalibration(calibration));
      return (await figures(modelOf(outcome)))[figure] ?? NaN;
    };
    const whole = (await figures(source))[figure] ?? NaN;
    const lost = whole - (await figureOf({ ...parameters, importance: 'weights', reconstruction: 'none' }));
    const left = whole - (await figureOf(parameters));
    // A fall of a figure that should be high, or a rise of one that should be low.
    expect(left / lost).toBeLessThan(0.2);
  },
);

test('a pruned model is quantized on, as one variant with both in its lineage', async () => {
  const { file, calibration, figures } = await catalogModel('cars-mlp');
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-pruned-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outcome = await buildVariant(
    { model: file, variant: 'prune-neurons-50+int8-dynamic', calibration },
    folder,
  );
  if (outcome.status !== 'built') throw new Error(outcome.reason);
  expect(outcome.variant.passes.map(({ summary }) => summary)).toEqual([
    '256 of 512 neurons removed (hidden_1/kernel 256 to 136, hidden_2/kernel 256 to 120); 2 of 2 products that read them refitted on 294 training samples of cars',
    '3 of 3 MatMul and Gemm weights quantized to int8, per channel',
  ]);
  const made = await figures(decodeModel(await readFile(outcome.path), 'variant'));
  expect(made['R^2']).toBeGreaterThan(0.85);
});

test('without calibration data only plain removal is possible', async () => {
  const { source } = await catalogModel('cars-mlp');
  expect(await pruneNeurons.apply(source, fitted, null)).toEqual({
    status: 'nothing-to-do',
    reason:
      'it needs calibration data and there are none; --dataset or --suite names some, and prune-neurons-50-plain needs none',
  });
  expect(await pruneHeads.apply(source, { ...fitted, multiple: 1 }, null)).toMatchObject({
    status: 'nothing-to-do',
    reason: expect.stringMatching(/^no layer has heads that could go/) as string,
  });
  expect(pruneNeurons.needsCalibration(plain)).toBe(false);
  expect(await pruneNeurons.apply(source, plain, null)).toMatchObject({
    summary:
      '256 of 512 neurons removed (hidden_1/kernel 256 to 128, hidden_2/kernel 256 to 128); not refitted',
  });
});

test('a model without channels or heads gives a reason and no file', async () => {
  const { source } = await catalogModel('tumours-mlp');
  for (const [pass, kind] of [
    [pruneChannels, 'channels'],
    [pruneHeads, 'heads'],
  ] as const) {
    expect(await pass.apply(source, plain, null)).toEqual({
      status: 'nothing-to-do',
      reason: `no layer has ${kind} that could go without changing an input, an output or what stays: the graph has 3 Gemm, 2 Relu, 1 Softmax`,
    });
  }
});

test.for([
  ['attention heads', pruneHeads],
  ['attention heads gathered from one projection', pruneHeads],
  ['convolution, flatten and Gemm', pruneChannels],
  ['gated neurons', pruneNeurons],
] as const)('%s are found where Constant nodes hold weights and sizes', async ([name, pass]) => {
  const source = networks[name]?.() ?? failed();
  const parameters = { ...plain, multiple: 1 };
  const stored = modelOf(await pass.apply(source, parameters, null));
  const held = modelOf(await pass.apply(withConstantNodes(source), parameters, null));
  expect(await runModel(held, 3)).toEqual(await runModel(stored, 3));
  expect(held.graph.node).toHaveLength(stored.graph.node.length);
});

test.for([
  ['float16', halved, '5 stored as float16, not float32'],
  ['shared', tied, '1 read more than once'],
] as const)('where nothing can go as weights are %s, the reason tells it', async ([, network, told]) => {
  const outcome = await pruneNeurons.apply(await network(), plain, null);
  expect(outcome).toMatchObject({
    status: 'nothing-to-do',
    reason: expect.stringMatching(
      `^no layer has neurons that could go .*; weights that must stay: ${told}$`,
    ) as string,
  });
});

async function halved(): Promise<OnnxModel> {
  const source = networks['Gemm layers']?.() ?? failed();
  return modelOf(await convertFp16.apply(source, { keep: '' }));
}

/** Two layers of one weight. */
function tied(): OnnxModel {
  const { graph, weight } = draw('tied');
  const shared = weight(16, 16);
  const hidden = graph.node('Relu', [graph.node('MatMul', [graph.input('x', rows), shared])]);
  graph.node('MatMul', [hidden, shared], { outputs: ['y'] });
  graph.output('y', rows);
  return graph.model();
}

const rows = { type: 'float32', shape: ['batch', 16] } as const;

test('a layer of fewer units than have to stay is told as such', async () => {
  const source = networks['grouped convolution']?.() ?? failed();
  expect(await pruneChannels.apply(source, { ...plain, multiple: 64 }, null)).toEqual({
    status: 'nothing-to-do',
    reason:
      '2 layers have channels, but too few to lose this share of them in multiples of 64; -multiple-1 takes any number',
  });
});

test.for(['Gelu', 'QuickGelu', 'FastGelu', 'BiasGelu'])(
  "neurons that add nothing go through ONNX Runtime's %s without a change",
  async (opType) => {
    const random = createRandom(23);
    const graph = buildGraph('own activation');
    graph.input('x', { type: 'float32', shape: ['batch', 6] });
    const weight = (name: string, shape: number[], unitOf: (index: number) => number): string => {
      const drawn = Array.from({ length: elementCount(shape) }, () => random.normal());
      const data = Float32Array.from(drawn, (value, index) => (unitOf(index) % 2 === 1 ? 0 : value));
      return graph.initializer(name, { type: 'float32', shape, data });
    };
    const made = graph.node('MatMul', ['x', weight('w', [6, 16], (index) => index % 16)]);
    const bias = opType === 'BiasGelu' ? [weight('b', [16], (index) => index)] : [];
    const active = graph.node(opType, [made, ...bias], { domain: 'com.microsoft' });
    const read = weight('v', [16, 2], (index) => Math.floor(index / 2));
    graph.node('MatMul', [active, read], { outputs: ['y'] });
    graph.output('y', { type: 'float32', shape: ['batch', 2] });
    const pruned = modelOf(await pruneNeurons.apply(graph.model(), plain, null));
    expect(pruned.graph.initializer.find(({ name }) => name === 'w')?.dims.map(Number)).toEqual([6, 8]);
    const errorDb = signalToErrorDb(await runModel(graph.model(), 3), await runModel(pruned, 3));
    expect(errorDb).toBeGreaterThan(100);
  },
);

test('nodes that no output needs go, and their units are not counted', async () => {
  const source = networks['gated neurons']?.() ?? failed();
  const [first = failed()] = source.graph.initializer;
  source.graph.initializer.push(changed(first, { name: 'idle' }));
  source.graph.node.push(
    createNode({ opType: 'MatMul', name: 'idle', inputs: ['x', 'idle'], outputs: ['unread'] }),
  );
  // An output of its own, that no node makes.
  source.graph.initializer.push(createTensor('z', { type: 'float32', shape: [1], data: Float32Array.of(3) }));
  source.graph.output.push(changed(source.graph.output[0] ?? failed(), { name: 'z', type: null }));
  const outcome = await pruneNeurons.apply(source, plain, null);
  expect(outcome).toMatchObject({ summary: expect.stringContaining('8 of 16 neurons removed') as string });
  const { node, initializer } = modelOf(outcome).graph;
  expect(node.map(({ name }) => name)).not.toContain('idle');
  expect(initializer.map(({ name }) => name)).toContain('z');
});

test('parts of channels that no attention looks at, as of a channel shuffle, are no heads', async () => {
  const graph = buildGraph('shuffle');
  graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  const ones = (name: string, ...shape: number[]): string =>
    graph.initializer(name, { type: 'float32', shape, data: new Float32Array(elementCount(shape)).fill(1) });
  const sizes = (name: string, ...values: number[]): string =>
    graph.initializer(name, {
      type: 'int64',
      shape: [values.length],
      data: BigInt64Array.from(values, BigInt),
    });
  const maps = graph.node('Conv', ['x', ones('w', 16, 2, 1, 1)]);
  const apart = graph.node('Reshape', [maps, sizes('apart', 0, 2, 8, 4, 4)]);
  const turned = graph.node('Transpose', [apart], { attributes: { perm: { ints: [0, 2, 1, 3, 4] } } });
  const joined = graph.node('Reshape', [turned, sizes('joined', 0, 16, 4, 4)]);
  graph.node('Conv', [joined, ones('v', 3, 16, 1, 1)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 4, 4] });
  const outcome = await pruneHeads.apply(graph.model(), { ...plain, multiple: 1 }, null);
  expect(outcome).toMatchObject({ status: 'nothing-to-do' });
});

test('layers after layers are refitted where nodes have no names', async () => {
  const source = networks['bottlenecks with a projected shortcut']?.() ?? failed();
  const node = source.graph.node.map((one) => changed(one, { name: '' }));
  const unnamed = changed(source, { graph: changed(source.graph, { node }) });
  const refitted = async (model: OnnxModel): Promise<OnnxModel> =>
    modelOf(await pruneChannels.apply(model, { ...fitted, multiple: 1 }, drawnCalibration(model)));
  expect(await runModel(await refitted(unnamed), 3)).toEqual(await runModel(await refitted(source), 3));
});

test('a Gemm with alpha and beta has them in its weight and bias, and is refitted', async () => {
  const source = networks['Gemm layers']?.() ?? failed();
  const attributes = { alpha: { float: 0.5 }, beta: { float: 2 } };
  const scaled = createNode({ opType: '', name: '', inputs: [], outputs: [], attributes });
  source.graph.node.findLast(({ opType }) => opType === 'Gemm')?.attribute.push(...scaled.attribute);
  const parameters = { ...fitted, multiple: 1 };
  expect(await pruneNeurons.apply(source, parameters, drawnCalibration(source))).toMatchObject({
    summary: expect.stringMatching(/2 of 2 products .* refitted [^;]*$/v) as string,
  });
});

test('neurons whose weight is stored transposed are found', async () => {
  const source = networks['gated neurons']?.() ?? failed();
  const [first = failed()] = source.graph.initializer;
  source.graph.initializer[0] = changed(first, { name: 'turned', dims: first.dims.toReversed() });
  const attributes = { perm: { ints: [1, 0] } };
  const parts = { opType: 'Transpose', name: 'turn', inputs: ['turned'], outputs: [first.name], attributes };
  source.graph.node.unshift(createNode(parts));
  expect(await pruneNeurons.apply(source, plain, null)).toMatchObject({
    summary: expect.stringContaining('8 of 16 neurons removed') as string,
  });
});

test('quantized weights are never pruned', async () => {
  const graph = buildGraph('quantized');
  graph.input('x', { type: 'float32', shape: ['batch', 16] });
  graph.initializer('w', { type: 'int8', shape: [16, 16], data: new Int8Array(256).fill(3) });
  graph.initializer('scale', { type: 'float32', shape: [], data: Float32Array.of(0.1) });
  graph.initializer('v', { type: 'float32', shape: [16, 2], data: new Float32Array(32).fill(1) });
  const weight = graph.node('DequantizeLinear', ['w', 'scale']);
  const hidden = graph.node('Relu', [graph.node('MatMul', ['x', weight])]);
  graph.node('MatMul', [hidden, 'v'], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 2] });
  expect(await pruneNeurons.apply(graph.model(), plain, null)).toMatchObject({ status: 'nothing-to-do' });
});

test('weights that are NaN are refused', async () => {
  const { source } = await catalogModel('cars-mlp');
  const initializer = source.graph.initializer.map((tensor) =>
    tensor.name === 'hidden_1/kernel'
      ? changed(tensor, { rawData: new Uint8Array(tensor.rawData.length).fill(0xff) })
      : tensor,
  );
  const broken = changed(source, { graph: changed(source.graph, { initializer }) });
  await expect(pruneNeurons.apply(broken, plain, null)).rejects.toMatchObject({ code: 'model-invalid' });
});

test.for([{ sparsity: 0 }, { sparsity: 1 }, { multiple: 0 }, { importance: 'taylor' }])(
  'the parameters %o are refused',
  async (wrong) => {
    const { source } = await catalogModel('cars-mlp');
    await expect(pruneNeurons.apply(source, { ...plain, ...wrong }, null)).rejects.toMatchObject({
      code: 'variant-invalid',
    });
  },
);

function withConstantNodes(model: OnnxModel): OnnxModel {
  const constants = model.graph.initializer.map((tensor) => {
    const attributes = { value: { tensor: readTensor(tensor) } };
    return createNode({ opType: 'Constant', name: '', inputs: [], outputs: [tensor.name], attributes });
  });
  const node = [...constants, ...model.graph.node];
  return changed(model, { graph: changed(model.graph, { node, initializer: [] }) });
}

function failed(): never {
  throw new Error('the network has it');
}

function modelOf(outcome: PassOutcome): OnnxModel {
  if (outcome.status === 'applied') return outcome.model;
  throw new Error(`nothing to do: ${outcome.reason}`);
}
