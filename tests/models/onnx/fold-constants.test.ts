import { expect, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { computedConstants, storeConstants } from '../../../models/onnx/fold-constants.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { readTensor } from '../../../models/onnx/tensor.ts';
import { quantizeDynamic } from '../../../models/passes/quantize-dynamic.ts';
import { quantizeWeights } from '../../../models/passes/quantize-weights.ts';
import { pruneMagnitude } from '../../../models/passes/prune-magnitude.ts';
import { kernelsOf } from '../run-model.ts';

const table = Float32Array.of(1, -2, 3, -4, 5, -6);

/** A table that rows are taken from, turned for the product at the end, as in a language model; with a scaled weight of its own. */
function tied(): OnnxModel {
  const graph = buildGraph('tied');
  graph.input('ids', { type: 'int64', shape: ['batch'] });
  graph.initializer('table', { type: 'float32', shape: [3, 2], data: table });
  graph.initializer('own', { type: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  graph.initializer('two', { type: 'float32', shape: [], data: Float32Array.of(2) });
  const rows = graph.node('Gather', ['table', 'ids']);
  const scaled = graph.node('Mul', ['own', 'two'], { outputs: ['scaled'] });
  const turned = graph.node('Transpose', ['table'], { outputs: ['turned'] });
  graph.node('MatMul', [graph.node('MatMul', [rows, scaled]), turned], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3] });
  return graph.model();
}

test('what a graph computes from constants alone is known, with what it is made of', () => {
  expect(computedConstants(tied().graph)).toEqual(
    new Map([
      ['scaled', new Set(['own', 'two'])],
      ['turned', new Set(['table'])],
    ]),
  );
});

test('a stored constant takes the place of its nodes, and of tensors only they read', async () => {
  const { graph } = await storeConstants(tied(), ['scaled', 'turned']);
  expect(graph.node.map(({ opType }) => opType)).toEqual(['Gather', 'MatMul', 'MatMul']);
  const values = graph.initializer.map((tensor) => [
    tensor.name,
    Array.from(readTensor(tensor).data, Number),
  ]);
  expect(Object.fromEntries(values)).toEqual({
    table: [...table],
    scaled: [2, 4, 6, 8],
    turned: [1, 3, 5, -2, -4, -6],
  });
});

test('a turned embedding table is quantized as the weight it is', async () => {
  const parameters = { granularity: 'per-channel', reduceRange: false };
  const int8 = await quantizeDynamic.apply(tied(), parameters);
  expect(int8).toMatchObject({ summary: '2 of 2 MatMul and Gemm weights quantized to int8, per channel' });
  if (int8.status === 'applied')
    expect((await kernelsOf(int8.model)).filter((kind) => kind === 'DynamicQuantizeMatMul')).toHaveLength(2);
  const settings = { bits: 8, blockSize: 'per-shape', symmetry: 'symmetric', method: 'rtn' };
  expect(await quantizeWeights.apply(tied(), settings, null)).toMatchObject({
    summary: expect.stringContaining('2 of 2 ') as string,
  });
});

test('pruning stores a computed weight only where nothing else reads what it is made of', async () => {
  const outcome = await pruneMagnitude.apply(tied(), { sparsity: 0.5, scope: 'global' });
  expect(outcome).toMatchObject({
    summary: '2 of 4 weights are zero in 1 MatMul, Gemm and Conv tensors, one threshold for all',
  });
});

test('integers that stand for weights stay integers', () => {
  const graph = buildGraph('quantized');
  graph.initializer('w', { type: 'int8', shape: [1, 1], data: Int8Array.of(3) });
  graph.initializer('scale', { type: 'float32', shape: [], data: Float32Array.of(0.1) });
  graph.node('DequantizeLinear', ['w', 'scale']);
  expect(computedConstants(graph.model().graph).size).toBe(0);
});
