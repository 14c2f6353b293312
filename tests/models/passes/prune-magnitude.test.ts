import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { readTensor } from '../../../models/onnx/tensor.ts';
import type { PassOutcome } from '../../../models/passes/pass.ts';
import { pruneMagnitude } from '../../../models/passes/prune-magnitude.ts';
import { goldenModel } from '../golden-models.ts';
import { runModel } from '../run-model.ts';

const half = { sparsity: 0.5, scope: 'global' };

test('the count that stays is the count times the share, rounded, ties to even', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 100 }),
      async (count, percent) => {
        const kept = count * (1 - percent / 100);
        const expected = [Math.floor(kept), Math.ceil(kept)].sort(
          (a, b) => Math.abs(a - kept) - Math.abs(b - kept) || (a % 2) - (b % 2),
        )[0];
        const weights = Array.from({ length: count }, (_, index) => index + 1);
        const outcome = await pruneMagnitude.apply(column(weights), {
          sparsity: percent / 100,
          scope: 'global',
        });
        if (expected === count) expect(outcome).toMatchObject({ reason: 'no weight is to become zero' });
        else
          expect(valuesOf(modelOf(outcome), 'w').filter((weight) => weight !== 0)).toHaveLength(
            expected ?? NaN,
          );
      },
    ),
    { seed: 3, numRuns: 200 },
  );
});

test('one threshold for all keeps more of the tensor with larger weights, one for each keeps the same share', async () => {
  const global = modelOf(await pruneMagnitude.apply(twoLayers(), half));
  expect([valuesOf(global, 'small'), valuesOf(global, 'large')]).toEqual([
    [0, 0, 0, 0],
    [-5, 6, 7, -8],
  ]);
  const each = modelOf(await pruneMagnitude.apply(twoLayers(), { ...half, scope: 'per-tensor' }));
  expect([valuesOf(each, 'small'), valuesOf(each, 'large')]).toEqual([
    [0, 0, 3, -4],
    [0, 0, 7, -8],
  ]);
});

test('biases stay, and so do tables that something else reads too', async () => {
  const graph = start();
  graph.initializer('b', { type: 'float32', shape: [2], data: Float32Array.of(0.001, 0.002) });
  graph.initializer('w', { type: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  graph.initializer('tied', { type: 'float32', shape: [2, 2], data: Float32Array.of(0.1, 0.2, 0.3, 0.4) });
  graph.node('Gemm', ['x', 'w', 'b'], { outputs: ['h'] });
  graph.node('MatMul', ['h', 'tied'], { outputs: ['i'] });
  graph.node('Add', ['i', 'tied'], { outputs: ['y'] });
  const model = modelOf(await pruneMagnitude.apply(graph.model(), half));
  expect(valuesOf(model, 'w')).toEqual([0, 0, 3, 4]);
  expect(valuesOf(model, 'b')).toEqual([0.001, 0.002].map(Math.fround));
  expect(valuesOf(model, 'tied')).toEqual([0.1, 0.2, 0.3, 0.4].map(Math.fround));
});

test('weights of a convolution are pruned, and the result runs', async () => {
  const graph = buildGraph('convolution');
  graph.input('x', { type: 'float32', shape: ['batch', 1, 6, 6] });
  const random = createRandom(5);
  const data = Float32Array.from({ length: 18 }, () => random.normal());
  graph.initializer('w', { type: 'float32', shape: [2, 1, 3, 3], data });
  graph.node('Conv', ['x', 'w'], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 2, 4, 4] });
  const model = modelOf(await pruneMagnitude.apply(graph.model(), { sparsity: 0.75, scope: 'global' }));
  // 18 * 0.25 = 4.5, half to even.
  expect(valuesOf(model, 'w').filter((weight) => weight !== 0)).toHaveLength(4);
  expect((await runModel(model, 1))[0]).toHaveLength(3 * 2 * 4 * 4);
});

test('the whole share set to zero leaves a model that puts out its biases', async () => {
  const model = modelOf(await pruneMagnitude.apply(goldenModel('no-bias'), { sparsity: 1, scope: 'global' }));
  expect((await runModel(model, 1))[0]?.every((value) => value === 0)).toBe(true);
});

test('the summary counts zeros and tensors', async () => {
  expect(await pruneMagnitude.apply(twoLayers(), half)).toMatchObject({
    summary: '4 of 8 weights are zero in 2 MatMul, Gemm and Conv tensors, one threshold for all',
  });
  expect(await pruneMagnitude.apply(twoLayers(), { ...half, scope: 'per-tensor' })).toMatchObject({
    summary: '4 of 8 weights are zero in 2 MatMul, Gemm and Conv tensors, a threshold for each',
  });
});

test('a model without weights gives a reason and no file', async () => {
  const graph = start();
  graph.node('Relu', ['x'], { outputs: ['y'] });
  expect(await pruneMagnitude.apply(graph.model(), half)).toEqual({
    status: 'nothing-to-do',
    reason: 'no MatMul, Gemm or Conv has constant float32 weights of its own: the graph has 1 Relu',
  });
});

test('weights of another type, and such as something else reads too, are told as the reason', async () => {
  const graph = start();
  const half16 = { type: 'float16', shape: [1, 1], data: Float16Array.of(1) } as const;
  const table = graph.initializer('table', { type: 'float32', shape: [1, 1], data: Float32Array.of(1) });
  const product = graph.node('MatMul', ['x', table]);
  const halved = graph.node('Cast', [product], { attributes: { to: { int: 10 } } });
  graph.node('MatMul', [halved, graph.initializer('half', half16)], { outputs: ['h'] });
  graph.node('Add', [product, table], { outputs: ['y'] });
  expect(await pruneMagnitude.apply(graph.model(), half)).toMatchObject({
    reason: expect.stringContaining(
      '; it has weights, but 1 that something else reads too, 1 stored as float16',
    ) as string,
  });
});

test('weights that are zero already give a reason and no file', async () => {
  expect(await pruneMagnitude.apply(column([0, 5, -0, 7]), half)).toEqual({
    status: 'nothing-to-do',
    reason: 'the weights that are to become zero are so already',
  });
  expect(valuesOf(modelOf(await pruneMagnitude.apply(column([0, 5, 6, 7]), half)), 'w')).toEqual([
    0, 0, 6, 7,
  ]);
});

test('a weight that is NaN is refused with its place', async () => {
  await expect(pruneMagnitude.apply(column([1, NaN]), half)).rejects.toThrow(
    expect.objectContaining({
      code: 'model-invalid',
      message: 'Weights "w" hold NaN at index 1; a pass needs finite weights.',
    }),
  );
});

test.for([-0.1, 1.1, Number.NaN])('a sparsity of %s is refused', async (sparsity) => {
  await expect(pruneMagnitude.apply(column([1]), { sparsity, scope: 'global' })).rejects.toThrow(
    expect.objectContaining({ code: 'variant-invalid' }),
  );
});

function start(): GraphBuilder {
  const graph = buildGraph('small');
  graph.input('x', { type: 'float32', shape: [2, 2] });
  graph.output('y', { type: 'float32', shape: [2, 2] });
  return graph;
}

/** x @ w with w a column. */
function column(weights: readonly number[]): OnnxModel {
  const graph = buildGraph('column');
  graph.input('x', { type: 'float32', shape: ['batch', weights.length] });
  graph.initializer('w', { type: 'float32', shape: [weights.length, 1], data: Float32Array.from(weights) });
  graph.node('MatMul', ['x', 'w'], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  return graph.model();
}

function twoLayers(): OnnxModel {
  const graph = start();
  graph.initializer('small', { type: 'float32', shape: [2, 2], data: Float32Array.of(1, -2, 3, -4) });
  graph.initializer('large', { type: 'float32', shape: [2, 2], data: Float32Array.of(-5, 6, 7, -8) });
  graph.node('MatMul', ['x', 'small'], { outputs: ['h'] });
  graph.node('MatMul', ['h', 'large'], { outputs: ['y'] });
  return graph.model();
}

function modelOf(outcome: PassOutcome): OnnxModel {
  if (outcome.status === 'applied') return outcome.model;
  throw new Error(`nothing to do: ${outcome.reason}`);
}

function valuesOf(model: OnnxModel, name: string): number[] {
  const tensor = model.graph.initializer.find((candidate) => candidate.name === name);
  if (tensor === undefined) throw new Error(`no tensor ${name}`);
  return [...(readTensor(tensor).data as Float32Array)];
}
