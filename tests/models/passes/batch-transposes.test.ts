import { expect, test } from 'vitest';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { convertFp16 } from '../../../models/passes/convert-fp16.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';

type Between = (graph: GraphBuilder, moved: string) => string;

/** A Transpose of x [batch, ...shape] and a product of it with a stored matrix, as it is or with something in between. */
function transposed(
  perm: readonly number[],
  shape: readonly number[],
  between: Between = (_, moved) => moved,
): OnnxModel {
  const graph = buildGraph('transposed');
  graph.input('x', { type: 'float32', shape: ['batch', ...shape] });
  const data = Float32Array.from({ length: 20 }, (_, at) => Math.cos(at));
  const weight = graph.initializer('w', { type: 'float32', shape: [4, 5], data });
  const moved = graph.node('Transpose', ['x'], { attributes: { perm: { ints: perm } } });
  graph.node('MatMul', [between(graph, moved), weight], { outputs: ['y'] });
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

/** With a stored number. */
function by(opType: string, number: number): [string, Between] {
  return [
    `${opType} by ${number}`,
    (graph, moved) =>
      graph.node(opType, [
        moved,
        graph.initializer('number', { type: 'float32', shape: [1], data: Float32Array.of(number) }),
      ]),
  ];
}

test.for<[string, Between]>([
  ['Identity', (graph, moved) => graph.node('Identity', [moved])],
  ['Dropout', (graph, moved) => graph.node('Dropout', [moved])],
  by('Mul', 0.5),
  by('Div', 2),
  by('Add', 0),
])('so does one with %s in between, which ONNX Runtime takes out', async ([, between]) => {
  const source = transposed([1, 0, 2], [6, 4], between);
  const outcome = await convertFp16.apply(source, { keep: '' });
  if (outcome.status !== 'applied') throw new Error(outcome.reason);
  expect(operators(outcome.model)).toContain('Reshape');
  const [exact, half] = [await runModel(source, 1), await runModel(outcome.model, 1)];
  expect(signalToErrorDb(exact, half)).toBeGreaterThan(45);
});
