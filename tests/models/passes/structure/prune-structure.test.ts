import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.ts';
import { elementCount, type Tensor } from '../../../../core/tensor.ts';
import { buildGraph } from '../../../../models/onnx/builder.ts';
import { changed, type OnnxModel } from '../../../../models/onnx/model.ts';
import { createTensor, readTensor, shapeOf } from '../../../../models/onnx/tensor.ts';
import {
  dimensionsOf,
  type Dimension,
  type StructureKind,
} from '../../../../models/passes/structure/dimensions.ts';
import { pruneStructure } from '../../../../models/passes/structure/prune-structure.ts';
import { walkGraph } from '../../../../models/passes/structure/walk-graph.ts';
import { runModel, signalToErrorDb } from '../../run-model.ts';
import { drawnCalibration, outputError } from '../small-calibration.ts';
import { draw, type Drawing } from '../drawing.ts';
import { networks } from './networks.ts';

const importances = ['weights', 'activations'] as const;
const kinds: readonly StructureKind[] = ['heads', 'channels', 'neurons'];
const plain = { sparsity: 0.5, multiple: 1, importance: 'weights', reconstruction: 'none' } as const;

test.for(Object.keys(networks))(
  '%s: removing the half that puts out zero changes no output',
  async (name) => {
    const whole = networks[name]?.() ?? failed();
    const dimensions = dimensionsOf(await walkGraph(whole));
    expect(dimensions.length).toBeGreaterThan(0);
    const source = withDeadUnits(whole, dimensions);
    let model = source;
    let removed = 0;
    for (const kind of kinds) {
      const step = await pruneStructure(model, { ...plain, kind }, null);
      model = step.model;
      removed += step.pruned.reduce((sum, { before, after }) => sum + before - after, 0);
    }
    expect(removed).toBe(dimensions.reduce((sum, { units }) => sum + units.length / 2, 0));
    expect(weightCount(model)).toBeLessThan(0.8 * weightCount(source));
    const expected = await runModel(source, 3);
    expect(signalToErrorDb(expected, await runModel(model, 3))).toBeGreaterThan(100);
  },
);

test.for(
  Object.keys(networks).flatMap((name) => importances.map((importance) => [name, importance] as const)),
)(
  '%s by %s: refitted, what is left comes nearer to the original on the calibration data than plain removal',
  async ([name, importance]) => {
    const source = networks[name]?.() ?? failed();
    const calibration = drawnCalibration(source);
    const error = async (reconstruction: 'least-squares' | 'none'): Promise<number> => {
      let model = source;
      for (const kind of kinds) {
        const plan = { ...plain, kind, importance, reconstruction };
        model = (await pruneStructure(model, plan, calibration)).model;
      }
      expect(weightCount(model)).toBeLessThan(0.8 * weightCount(source));
      return outputError(source, model, calibration);
    };
    expect(await error('least-squares')).toBeLessThan(0.96 * (await error('none')));
  },
);

test.for([
  ['Gemm layers', ['neurons 16', 'neurons 8']],
  ['gated neurons', ['neurons 16']],
  ['split neurons', ['neurons 24']],
  ['convolution, flatten and Gemm', ['channels 8', 'neurons 16']],
  ['residual sum with batch normalisation', ['channels 8', 'channels 12']],
  [
    'a decoder with a skip connection',
    ['channels 8', 'channels 16', 'channels 12', 'channels 16', 'channels 8'],
  ],
  [
    'bottlenecks with a projected shortcut',
    ['channels 8', 'channels 4', 'channels 4', 'channels 16', 'channels 4', 'channels 4'],
  ],
  ['inverted residuals', ['channels 8', 'channels 16', 'channels 16']],
  ['channels joined by Concat', ['channels 8', 'channels 16']],
  ['depthwise convolution', ['channels 8']],
  // Of 16 and 24 channels in two groups.
  ['grouped convolution', ['channels 8', 'channels 12']],
  ['channels taken by Slice', ['channels 16', 'channels 12']],
  ['channels taken by Gather', ['channels 12']],
  // Of 24 and 24 channels, whose places in groups and rows go together, those of halves with them.
  ['shuffled channels', ['channels 6', 'channels 4']],
  ['channels normalised in groups', ['channels 8', 'channels 4']],
  ['channels normalised in groups as exported', ['channels 8', 'channels 4']],
  ['channels normalised in groups as exported for one size', ['channels 8', 'channels 4']],
  ['grouped transposed convolution', ['channels 6', 'channels 8']],
  ['depthwise transposed convolution', ['channels 8']],
  ['attention heads', ['heads 4']],
  ['attention heads of packed projections', ['heads 4']],
] as const)('%s has the units %o', async ([name, expected]) => {
  const found = dimensionsOf(await walkGraph(networks[name]?.() ?? failed()));
  expect(found.map(({ kind, units }) => `${kind} ${units.length}`)).toEqual(expected);
});

test.for([
  ['LayerNormalization', 1],
  ['Softmax', 0],
  ['Hardmax', 0],
] as const)('what %s looks at together stays', async ([opType, weights]) => {
  const graph = buildGraph('stop');
  graph.input('x', { type: 'float32', shape: ['batch', 4] });
  const ones = (name: string, ...shape: number[]): string =>
    graph.initializer(name, { type: 'float32', shape, data: new Float32Array(elementCount(shape)).fill(1) });
  const made = graph.node('MatMul', ['x', ones('w', 4, 8)]);
  const stopped = graph.node(opType, [made, ...(weights === 1 ? [ones('scale', 8)] : [])]);
  graph.node('MatMul', [stopped, ones('v', 8, 2)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 2] });
  expect(dimensionsOf(await walkGraph(graph.model()))).toEqual([]);
});

test.for([
  [11, undefined, 'all'],
  [11, 3, 'columns'],
  [13, 1, 'channels'],
  [13, undefined, 'columns'],
] as const)('of operator set %i, Softmax along axis %s weighs %s', async ([opset, axis, weighed]) => {
  const graph = buildGraph('softmax');
  graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  const ones = (name: string, ...shape: number[]): string =>
    graph.initializer(name, { type: 'float32', shape, data: new Float32Array(elementCount(shape)).fill(1) });
  const attributes = axis === undefined ? {} : { axis: { int: axis } };
  const shares = graph.node('Softmax', [graph.node('Conv', ['x', ones('w', 8, 2, 1, 1)])], { attributes });
  graph.node('Conv', [shares, ones('v', 3, 8, 1, 1)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 4, 4] });
  const opsetImport = graph.model().opsetImport.map((set) => changed(set, { version: opset }));
  const found = dimensionsOf(await walkGraph(changed(graph.model(), { opsetImport })));
  expect(found.map(({ units }) => units.length)).toEqual(weighed === 'columns' ? [8] : []);
});

test.for([11, 12, 13])(
  'of operator set %i, a Split into equal parts gets the sizes that stay',
  async (opset) => {
    const graph = buildGraph('halves');
    const x = graph.input('x', { type: 'float32', shape: ['batch', 4] });
    const [made, read] = [
      [4, 16],
      [8, 2],
    ].map((shape, at) => {
      const data = Float32Array.from({ length: elementCount(shape) }, (_, index) => index % 7);
      return graph.initializer(`w${at}`, { type: 'float32', shape, data });
    }) as [string, string];
    const outputs = ['left', 'right'];
    graph.node('Split', [graph.node('MatMul', [x, made])], { outputs, attributes: { axis: { int: -1 } } });
    graph.node('MatMul', [graph.node('Mul', outputs), read], { outputs: ['y'] });
    graph.output('y', { type: 'float32', shape: ['batch', 2] });
    const opsetImport = graph.model().opsetImport.map((set) => changed(set, { version: opset }));
    const source = changed(graph.model(), { opsetImport });
    const { model, pruned } = await pruneStructure(source, { ...plain, kind: 'neurons' }, null);
    expect(pruned.map(({ after }) => after)).toEqual([4]);
    expect((await runModel(model, 3))[0]).toHaveLength(6);
  },
);

test.for(['weights', 'activations'] as const)(
  'of units by %s, of each part of an axis one stays at least, whatever the others are worth',
  async (importance) => {
    const { graph, weight, sizes } = draw('parts');
    const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
    const faint = [...Array(12).keys()].map((at) => (at < 4 ? 1e-3 : 1));
    const scale = graph.initializer('scale', {
      type: 'float32',
      shape: [12, 1, 1],
      data: Float32Array.from(faint),
    });
    const whole = graph.node('Mul', [graph.node('Conv', [x, weight(12, 2, 1, 1)]), scale]);
    const axis = { attributes: { axis: { int: 1 } } };
    const [left, right] = ['left', 'right'];
    graph.node('Split', [whole, sizes(4, 8)], { outputs: [left, right], ...axis });
    const taken = graph.node('Gather', [right, sizes(3, 1)], axis);
    const outputs = [
      graph.node('Conv', [left, weight(3, 4, 1, 1)]),
      graph.node('Conv', [taken, weight(3, 2, 1, 1)]),
      graph.node('Conv', [graph.node('Slice', [right, sizes(6), sizes(8), sizes(1)]), weight(3, 2, 1, 1)]),
    ];
    graph.node('Sum', outputs, { outputs: ['y'] });
    graph.output('y', { type: 'float32', shape: ['batch', 3, 4, 4] });
    const plan = { ...plain, kind: 'channels', sparsity: 0.9, importance } as const;
    const calibration = drawnCalibration(graph.model());
    const { model, pruned } = await pruneStructure(graph.model(), plan, calibration);
    expect(pruned.map(({ before, after }) => [before, after])).toEqual([[12, 3]]);
    expect((await runModel(model, 3))[0]).toHaveLength(3 * 3 * 16);
  },
);

test.for([
  ['Slice by steps', (input, { sizes }) => ['Slice', [input, sizes(0), sizes(8), sizes(1), sizes(2)]]],
  ['Slice backwards', (input, { sizes }) => ['Slice', [input, sizes(8), sizes(0), sizes(1), sizes(-1)]]],
  ['Gather at two axes of places', (input, { places }) => ['Gather', [input, places]]],
  [
    'GroupNormalization in one group',
    (input, { weight }) => ['GroupNormalization', [input, weight(8), weight(8)]],
  ],
  ['Shape that is computed with', (input) => ['Shape', [input]]],
] as const satisfies readonly (readonly [string, Stopping])[])(
  'a %s of channels keeps them, and is told',
  async ([, stopping]) => {
    const drawing = draw('stopped');
    const { graph, weight } = drawing;
    const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
    const data = BigInt64Array.of(0n, 1n, 2n, 3n);
    const places = graph.initializer('places', { type: 'int64', shape: [2, 2], data });
    const [opType, inputs] = stopping(graph.node('Conv', [x, weight(8, 2, 1, 1)]), { ...drawing, places });
    const attributes = {
      ...(opType === 'Gather' && { axis: { int: 1 } }),
      ...(opType === 'GroupNormalization' && { num_groups: { int: 1 } }),
    };
    const stopped = graph.node('Cast', [graph.node(opType, inputs, { attributes })], {
      attributes: { to: { int: 1 } },
    });
    graph.node('ReduceMean', [stopped], { outputs: ['y'], attributes: { keepdims: { int: 0 } } });
    graph.output('y', { type: 'float32', shape: [] });
    const { found, stops } = await pruneStructure(graph.model(), { ...plain, kind: 'channels' }, null);
    expect({ found, stops }).toEqual({ found: 0, stops: [opType] });
  },
);

test.for([18, 21])(
  'of operator set %i, groups of GroupNormalization go whole, to a multiple of channels',
  async (opset) => {
    const { graph, weight } = draw('groups');
    const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
    const whole = graph.node('Conv', [x, weight(24, 2, 1, 1)]);
    const parameters = [0, 1].map(() => weight(opset < 21 ? 12 : 24));
    const attributes = { num_groups: { int: 12 } };
    const normal = graph.node('GroupNormalization', [whole, ...parameters], { attributes });
    graph.node('Conv', [normal, weight(3, 24, 1, 1)], { outputs: ['y'] });
    graph.output('y', { type: 'float32', shape: ['batch', 3, 4, 4] });
    const opsetImport = graph.model().opsetImport.map((set) => changed(set, { version: opset }));
    const source = changed(graph.model(), { opsetImport });
    const { model, pruned } = await pruneStructure(source, { ...plain, kind: 'channels', multiple: 8 }, null);
    expect(pruned.map(({ before, after }) => [before, after])).toEqual([[12, 8]]);
    expect((await runModel(model, 3))[0]).toHaveLength(3 * 3 * 16);
    const silenced = withoutChannels(source, model);
    expect(signalToErrorDb(await runModel(silenced, 3), await runModel(model, 3))).toBeGreaterThan(100);
  },
);

test('channels whose number nobody reads go, though the number of samples is read', async () => {
  const { graph, weight, sizes } = draw('counted');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  const whole = graph.node('Conv', [x, weight(8, 2, 1, 1)]);
  const samples = graph.node('Gather', [graph.node('Shape', [whole]), sizes(0, -1)]);
  const product = graph.node('ReduceProd', [samples]);
  const factor = graph.node('Cast', [product], { attributes: { to: { int: 1 } } });
  const read = graph.node('Conv', [whole, weight(3, 8, 1, 1)]);
  graph.node('Mul', [read, factor], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 4, 4] });
  expect(dimensionsOf(await walkGraph(graph.model())).map(({ units }) => units.length)).toEqual([8]);
});

test('a single channel that Gather takes stays where it is', async () => {
  const { graph, weight } = draw('single');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  const whole = graph.node('Conv', [x, weight(8, 2, 1, 1)]);
  const index = graph.initializer('index', { type: 'int32', shape: [], data: Int32Array.of(-2) });
  const one = graph.node('Gather', [whole, index], { attributes: { axis: { int: 1 } } });
  const mean = graph.node('Conv', [whole, graph.initializer('none', zeros(1, 8, 1, 1))]);
  graph.node('Add', [one, graph.node('Squeeze', [mean, graph.initializer('axes', channelAxis)])], {
    outputs: ['y'],
  });
  graph.output('y', { type: 'float32', shape: ['batch', 4, 4] });
  const plan = { ...plain, kind: 'channels', sparsity: 0.9 } as const;
  const { model, pruned } = await pruneStructure(graph.model(), plan, null);
  expect(pruned.map(({ before, after }) => [before, after])).toEqual([[7, 1]]);
  expect(signalToErrorDb(await runModel(graph.model(), 3), await runModel(model, 3))).toBeGreaterThan(100);
});

test('units that reach an output of the graph, or have a shared weight, stay', async () => {
  const { graph, ...model } = networks['Gemm layers']?.() ?? failed();
  const relu = graph.node.find(({ opType }) => opType === 'Relu') ?? failed();
  const output = changed(graph.output[0] ?? failed(), { name: relu.output[0] ?? '' });
  const shown = { ...model, graph: changed(graph, { output: [...graph.output, output] }) };
  const found = dimensionsOf(await walkGraph(shown));
  expect(found.map(({ units }) => units.length)).toEqual([8]);
});

test.for([
  ['MaxPool', 'MaxPool', 'convolution, flatten and Gemm'],
  ['Dropout', 'Relu', 'Gemm layers'],
] as const)('units of which %s puts out more than their values stay', async ([opType, of, name]) => {
  const { graph, ...model } = networks[name]?.() ?? failed();
  const found = graph.node.find((node) => node.opType === of) ?? failed();
  const more = changed(found, { opType, output: [...found.output, 'more'] });
  const node = graph.node.map((one) => (one === found ? more : one));
  const counts = async (output: OnnxModel['graph']['output']): Promise<number[]> => {
    const dimensions = dimensionsOf(await walkGraph({ ...model, graph: changed(graph, { node, output }) }));
    return dimensions.map(({ units }) => units.length);
  };
  const shown = changed(graph.output[0] ?? failed(), { name: 'more', type: null });
  expect(await counts([...graph.output, shown])).toEqual((await counts(graph.output)).slice(1));
});

test('units that are never anything but zero go first, however large the weights that read them', async () => {
  const whole = networks['convolution, flatten and Gemm']?.() ?? failed();
  const source = withDeadUnits(whole, dimensionsOf(await walkGraph(whole)), 10);
  const calibration = drawnCalibration(source);
  for (const kind of ['channels', 'neurons'] as const) {
    const plan = { ...plain, kind, importance: 'activations', reconstruction: 'least-squares' } as const;
    const { model } = await pruneStructure(source, plan, calibration);
    expect(await outputError(source, model, calibration)).toBeLessThan(1e-4);
  }
});

test('what stays is a multiple, and never nothing', async () => {
  const source = networks['Gemm layers']?.() ?? failed();
  const kept = async (sparsity: number, multiple: number): Promise<number[]> => {
    const { pruned } = await pruneStructure(source, { ...plain, kind: 'neurons', sparsity, multiple }, null);
    return pruned.map(({ after }) => after);
  };
  expect(await kept(0.4, 1)).toEqual([10, 5]);
  expect(await kept(0.4, 4)).toEqual([8, 4]);
  expect(await kept(0.99, 8)).toEqual([8]);
  expect(await kept(0.99, 1)).toEqual([1, 1]);
});

test('the source model stays as it was', async () => {
  const source = networks['residual sum with batch normalisation']?.() ?? failed();
  const before = weightCount(source);
  await pruneStructure(source, { ...plain, kind: 'channels' }, null);
  expect(weightCount(source)).toBe(before);
});

type Stopping = (input: string, given: Drawing & { places: string }) => readonly [string, readonly string[]];

/** The source with zeros where the last convolution reads a channel that the pruned model has not. */
function withoutChannels(source: OnnxModel, pruned: OnnxModel): OnnxModel {
  const [made = '', read = ''] = source.graph.node.flatMap(({ opType, input }) =>
    opType === 'Conv' ? (input[1] ?? []) : [],
  );
  const kernels = (model: OnnxModel, name: string): Float32Array =>
    readTensor(model.graph.initializer.find((tensor) => tensor.name === name) ?? failed())
      .data as Float32Array;
  const left = kernels(pruned, made);
  const isLeft = (channel: number): boolean => left.includes(kernels(source, made)[2 * channel] ?? NaN);
  const data = kernels(source, read).map((value, index) => (isLeft(index % 24) ? value : 0));
  const silenced = createTensor(read, { type: 'float32', shape: [3, 24, 1, 1], data });
  const initializer = source.graph.initializer.map((tensor) => (tensor.name === read ? silenced : tensor));
  return changed(source, { graph: changed(source.graph, { initializer }) });
}

const channelAxis = { type: 'int64', shape: [1], data: BigInt64Array.of(1n) } as const;

function zeros(...shape: number[]): Tensor {
  return { type: 'float32', shape, data: new Float32Array(elementCount(shape)) };
}

/** Half of the units of each dimension, drawn by lot, put out zero: their making weights, biases and normalisation are zero; what reads them is made small, or `read` times as large. */
function withDeadUnits(model: OnnxModel, dimensions: readonly Dimension[], read = 0.01): OnnxModel {
  const random = createRandom(23);
  const dead = new Set(dimensions.flatMap(({ units }) => random.shuffle(units).slice(0, units.length / 2)));
  const data = new Map(
    dimensions
      .flatMap(({ cuts }) => cuts)
      .map(({ tensor }) => [tensor.name, Float32Array.from(readTensor(tensor).data as Float32Array)]),
  );
  for (const { tensor, axis, units, role } of dimensions.flatMap(({ cuts }) => cuts)) {
    const inner = elementCount(shapeOf(tensor).slice(axis + 1));
    const isVariance = tensor.name.startsWith('variance');
    const values = data.get(tensor.name) ?? failed();
    values.forEach((_, index) => {
      const unit = units[Math.floor(index / inner) % units.length] ?? failed();
      if (!isVariance && dead.has(unit)) values[index] = (values[index] ?? 0) * (role === 'reads' ? read : 0);
    });
  }
  const initializer = model.graph.initializer.map((tensor) => {
    const values = data.get(tensor.name);
    return values === undefined
      ? tensor
      : createTensor(tensor.name, { type: 'float32', shape: shapeOf(tensor), data: values });
  });
  return changed(model, { graph: changed(model.graph, { initializer }) });
}

function weightCount({ graph }: OnnxModel): number {
  return graph.initializer.reduce(
    (sum, tensor) => sum + (tensor.dataType === 1 ? elementCount(shapeOf(tensor)) : 0),
    0,
  );
}

function failed(): never {
  throw new Error('the network has it');
}
