import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.ts';
import { elementCount } from '../../../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from '../../../../models/onnx/builder.ts';
import type { OnnxModel } from '../../../../models/onnx/model.ts';
import { shapeOf } from '../../../../models/onnx/tensor.ts';
import { pruneChannels, pruneNeurons } from '../../../../models/passes/prune-structures.ts';
import { withOwnBiases } from '../../../../models/passes/structure/own-biases.ts';
import { draw as drawNetwork } from '../drawing.ts';
import { drawnCalibration, outputError } from '../small-calibration.ts';

const settings = { sparsity: 0.5, importance: 'weights', reconstruction: 'least-squares', multiple: 1 };

const ownVectors = [[4], [4]];

test.for([
  ['Gemm', 'a shared vector', gemms, [[4]]],
  ['Gemm', 'a row', gemms, [[1, 4], [4]]],
  ['Gemm', 'a single number', gemms, [[], [1]]],
  ['Conv', 'a shared vector', convolutions, [[4]]],
] as const)(
  '%s readers with %s as bias are refitted as those with own vectors are',
  async ([, , draw, shapes]) => {
    const own = await refitted(draw(ownVectors));
    const other = await refitted(draw(shapes));
    expect(other.summary).toContain('2 of 2 products that read them refitted');
    expect(other.error).toBeCloseTo(own.error, 4);
  },
);

test.for([[[1, 4]], [[1, 1, 4]]] as const)(
  'what is added to a MatMul reader in shape %j is refitted as a vector is',
  async ([shape]) => {
    const own = await refitted(sums([4]));
    const other = await refitted(sums(shape));
    expect(other.summary).toContain('1 of 1 products that read them refitted');
    expect(other.error).toBeCloseTo(own.error, 4);
    expect(other.error).toBeLessThan(await refittedWithoutBias());
  },
);

/** The same product and sum, whose addend is computed: it is no bias to refit. */
async function refittedWithoutBias(): Promise<number> {
  return (await refitted(sums([4], { isComputed: true }))).error;
}

test('a reader whose bias has a row for each sample keeps its weights', async () => {
  const { summary } = await refitted(gemms([[16, 4], [4]]));
  expect(summary).toContain('1 of 2 products that read them refitted');
  expect(summary).toContain('; weights kept: 1 Gemm whose bias is computed or differs from row to row');
});

test('normalisations that share scale and shift lose units as those with their own do', async () => {
  const { graph, weight } = drawNetwork('normalised');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  const shared = [weight(8), weight(8)];
  const normal = [1, 2].reduce(
    (value, inputs) =>
      graph.node('InstanceNormalization', [
        graph.node('Conv', [value, weight(8, inputs === 1 ? 2 : 8, 1, 1)]),
        ...shared,
      ]),
    x,
  );
  graph.node('Conv', [normal, weight(3, 8, 1, 1)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 4, 4] });
  const source = graph.model();
  const outcome = await pruneChannels.apply(source, { ...settings, reconstruction: 'none' }, null);
  expect(outcome.status === 'applied' && outcome.summary).toContain('8 of 16 channels removed');
});

test('biases that are vectors of their own stay, and no other one is left behind', () => {
  const own = gemms(ownVectors);
  expect(withOwnBiases(own)).toBe(own);
  const { graph } = withOwnBiases(gemms([[1, 4]]));
  expect(graph.initializer.map(shapeOf).filter(({ length }) => length < 2)).toEqual([[4], [4]]);
  expect(graph.initializer).toHaveLength(5);
});

async function refitted(source: OnnxModel): Promise<{ summary: string; error: number }> {
  const calibration = drawnCalibration(source);
  const pass = source.graph.node.some(({ opType }) => opType === 'Conv') ? pruneChannels : pruneNeurons;
  const outcome = await pass.apply(source, settings, calibration);
  if (outcome.status !== 'applied') throw new Error(outcome.reason);
  return { summary: outcome.summary, error: await outputError(source, outcome.model, calibration) };
}

/** One hidden layer read by two products whose outputs are multiplied, with biases of 3. */
function gemms(shapes: readonly (readonly number[])[]): OnnxModel {
  const { graph, weight, threes } = draw();
  const x = graph.input('x', { type: 'float32', shape: ['batch', 6] });
  const hidden = graph.node('Relu', [graph.node('MatMul', [x, weight(6, 16)])]);
  const [left = '', right = left] = shapes.map(threes);
  const products = [left, right].map((bias) => graph.node('Gemm', [hidden, weight(16, 4), bias]));
  graph.node('Mul', products, { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4] });
  return graph.model();
}

/** One hidden layer read by a MatMul, with 3 added behind it. */
function sums(shape: readonly number[], { isComputed } = { isComputed: false }): OnnxModel {
  const { graph, weight, threes } = draw();
  const x = graph.input('x', { type: 'float32', shape: ['batch', 6] });
  const hidden = graph.node('Relu', [graph.node('MatMul', [x, weight(6, 16)])]);
  const stored = threes(shape);
  const added = isComputed ? graph.node('Abs', [stored]) : stored;
  graph.node('Add', [graph.node('MatMul', [hidden, weight(16, 4)]), added], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: shape.length > 2 ? [1, 'batch', 4] : ['batch', 4] });
  return graph.model();
}

function convolutions(shapes: readonly (readonly number[])[]): OnnxModel {
  const { graph, weight, threes } = draw();
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  const maps = graph.node('Relu', [graph.node('Conv', [x, weight(16, 2, 1, 1)])]);
  const [left = '', right = left] = shapes.map(threes);
  const products = [left, right].map((bias) => graph.node('Conv', [maps, weight(4, 16, 1, 1), bias]));
  graph.node('Mul', products, { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4, 4, 4] });
  return graph.model();
}

interface Drawing {
  graph: GraphBuilder;
  weight: (...shape: number[]) => string;
  threes: (shape: readonly number[]) => string;
}

function draw(): Drawing {
  const random = createRandom(17);
  const graph = buildGraph('biases');
  let count = 0;
  const store = (shape: readonly number[], next: () => number): string => {
    const data = Float32Array.from({ length: elementCount(shape) }, next);
    return graph.initializer(`w${count++}`, { type: 'float32', shape: [...shape], data });
  };
  return {
    graph,
    weight: (...shape) => store(shape, () => random.normal()),
    threes: (shape) => store(shape, () => 3),
  };
}
