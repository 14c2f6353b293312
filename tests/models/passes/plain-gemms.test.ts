import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { elementCount } from '../../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { applyPasses } from '../../../models/passes/apply.ts';
import { withPlainGemms } from '../../../models/passes/plain-gemms.ts';
import { parseVariant, stepsOn } from '../../../models/variant.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';
import { drawnCalibration } from './small-calibration.ts';

test.for([
  ['alpha', { alpha: { float: 0.3 } }],
  ['beta', { beta: { float: -1.7 } }],
  ['both, and a transposed weight', { alpha: { float: 3 }, beta: { float: 0 }, transB: { int: 1 } }],
] as const)('a Gemm computes the same with %s in its weight and bias', async ([, attributes]) => {
  const source = scaledGemm(attributes);
  const plain = withPlainGemms(source);
  const [gemm] = plain.graph.node;
  expect(gemm?.attribute.map(({ name }) => name)).toEqual('transB' in attributes ? ['transB'] : []);
  expect(signalToErrorDb(await runModel(source, 3), await runModel(plain, 3))).toBeGreaterThan(120);
  expect(plain.graph.initializer).toHaveLength(2);
});

test('what else reads a weight or bias has it as it was', async () => {
  const graph = buildGraph('gemms');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 8] });
  const [weight, bias] = [drawn(graph, 'w', 8, 8), drawn(graph, 'b', 8)];
  const half = graph.node('Gemm', [x, weight, bias], { attributes: { alpha: { float: 0.5 } } });
  const twice = graph.node('Gemm', [half, weight, bias], { attributes: { alpha: { float: 2 } } });
  const again = graph.node('Gemm', [twice, weight, bias], { attributes: { alpha: { float: 2 } } });
  graph.node('Add', [graph.node('MatMul', [again, weight]), bias], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 8] });
  const source = graph.model();
  const plain = withPlainGemms(source);
  expect(signalToErrorDb(await runModel(source, 3), await runModel(plain, 3))).toBeGreaterThan(110);
  expect(plain.graph.initializer.map(({ name }) => name)).toEqual(['w', 'b', 'w_scaled', 'w_scaled_2']);
});

test('a Gemm that is left out, that has nothing to fold, or that would overflow stays', () => {
  const half = { alpha: { float: 0.5 } };
  const source = scaledGemm(half);
  expect(withPlainGemms(source, new Set(source.graph.node))).toBe(source);
  const [plain, huge] = [scaledGemm({}), scaledGemm({ alpha: { float: 3e38 } })];
  expect(withPlainGemms(plain)).toBe(plain);
  expect(withPlainGemms(huge)).toBe(huge);
});

test.for(['int8-dynamic', 'int8-static', 'smooth-quant+int8-static', 'int8-weights', 'prune-neurons-50'])(
  '%s takes a Gemm with alpha and beta',
  async (variant) => {
    const graph = buildGraph('gemms');
    const x = graph.input('x', { type: 'float32', shape: ['batch', 16] });
    const attributes = { alpha: { float: 0.25 }, beta: { float: 3 } };
    const gemm = (value: string, at: number): string =>
      graph.node('Gemm', [value, drawn(graph, `w${at}`, 16, 16), drawn(graph, `b${at}`, 16)], { attributes });
    const hidden = graph.node('Relu', [gemm(x, 0)]);
    graph.node('Identity', [gemm(hidden, 1)], { outputs: ['y'] });
    graph.output('y', { type: 'float32', shape: ['batch', 16] });
    const source = graph.model();
    const steps = stepsOn(parseVariant(variant), 'onnx') ?? [];
    const made = await applyPasses(source, steps, drawnCalibration(source));
    if ('reason' in made) throw new Error(made.reason);
    expect(made.lineage.map(({ summary }) => summary).join()).not.toMatch(/left|kept/u);
    const least = variant.startsWith('prune') ? 3 : 25;
    expect(signalToErrorDb(await runModel(source, 3), await runModel(made.model, 3))).toBeGreaterThan(least);
  },
);

type Attributes = NonNullable<Parameters<GraphBuilder['node']>[2]>['attributes'];

function scaledGemm(attributes: NonNullable<Attributes>): OnnxModel {
  const graph = buildGraph('gemms');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 8] });
  graph.node('Gemm', [x, drawn(graph, 'w', 8, 8), drawn(graph, 'b', 8)], { outputs: ['y'], attributes });
  graph.output('y', { type: 'float32', shape: ['batch', 8] });
  return graph.model();
}

function drawn(graph: GraphBuilder, name: string, ...shape: number[]): string {
  const random = createRandom(name.length + shape.length);
  const data = Float32Array.from({ length: elementCount(shape) }, () => random.normal() + 0.1);
  return graph.initializer(name, { type: 'float32', shape, data });
}
