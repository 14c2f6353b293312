import { expect, test } from 'vitest';
import type { TfjsModel } from '../../../models/tfjs/model.ts';
import { multipliedWeights } from '../../../models/tfjs/multiplied-weights.ts';

function modelOf(topology: Record<string, unknown>, weights: readonly string[]): TfjsModel {
  const group = weights.map((name) => ({
    spec: { name, shape: name.includes('bias') ? [2] : [1, 2], dtype: 'float32' as const },
    bytes: new Uint8Array(8),
  }));
  return { file: { modelTopology: topology, weightsManifest: [] }, groups: [group] };
}

function names(model: TfjsModel): string[] {
  return multipliedWeights(model).map(({ spec }) => spec.name);
}

test('of a layers model, kernels are multiplied; biases, tables and statistics are not', () => {
  const weights = [
    'dense_Dense1/kernel',
    'dense_Dense1/bias',
    'conv/kernel_1',
    'separable/depthwise_kernel',
    'separable/pointwise_kernel',
    'rnn/lstm/recurrent_kernel',
    'embedding/embeddings',
    'norm/gamma',
    'kernel',
  ];
  expect(names(modelOf({ class_name: 'Sequential' }, weights))).toEqual([
    'dense_Dense1/kernel',
    'conv/kernel_1',
    'separable/depthwise_kernel',
    'separable/pointwise_kernel',
    'rnn/lstm/recurrent_kernel',
    'kernel',
  ]);
});

test('of a graph, constants that only products read as their second input', () => {
  const node = [
    { name: 'product', op: 'MatMul', input: ['x', 'dense'] },
    { name: 'fused', op: '_FusedConv2D', input: ['product', 'conv:0', 'bias'] },
    { name: 'tied', op: 'MatMul', input: ['fused', 'table'] },
    { name: 'looked-up', op: 'GatherV2', input: ['table', 'ids', 'axis'] },
    { name: 'left', op: 'MatMul', input: ['constant', 'x'] },
  ];
  const weights = ['dense', 'conv', 'bias', 'table', 'constant'];
  expect(names(modelOf({ node }, weights))).toEqual(['dense', 'conv']);
});
