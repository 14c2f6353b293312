import { expect, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { convertFp16 } from '../../../models/passes/convert-fp16.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';

/** A Transpose of x [batch, 3, 4, ...] and a product of it with a stored matrix. */
function transposed(perm: readonly number[], shape: readonly number[]): OnnxModel {
  const graph = buildGraph('transposed');
  graph.input('x', { type: 'float32', shape: ['batch', ...shape] });
  const data = Float32Array.from({ length: 20 }, (_, at) => Math.cos(at));
  const weight = graph.initializer('w', { type: 'float32', shape: [4, 5], data });
  const moved = graph.node('Transpose', ['x'], { attributes: { perm: { ints: perm } } });
  graph.node('MatMul', [moved, weight], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: perm.map((_, axis) => `axis${axis}`) });
  return graph.model();
}

const operators = (model: OnnxModel): string[] => model.graph.node.map(({ opType }) => opType);

test.for([
  [[1, 0, 2], [6, 4], true],
  [[1, 2, 0, 3], [6, 2, 4], true],
  [[0, 2, 1], [4, 6], false],
] as const)(
  'in float16 a product of an input transposed by %o runs, kept apart from it where the batch moves',
  async ([perm, shape, isApart]) => {
    const source = transposed(perm, shape);
    const outcome = await convertFp16.apply(source, { keep: '' });
    if (outcome.status !== 'applied') throw new Error(outcome.reason);
    expect(operators(outcome.model).includes('Reshape')).toBe(isApart);
    const [exact, half] = [await runModel(source, 1), await runModel(outcome.model, 1)];
    expect(signalToErrorDb(exact, half)).toBeGreaterThan(45);
  },
);
