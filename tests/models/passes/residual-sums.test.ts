import { expect, test } from 'vitest';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { withResidualSums } from '../../../models/passes/residual-sums.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';
import { draw, type Drawing } from './drawing.ts';

const width = 16;

test.for(['LayerNormalization', 'steps'] as const)(
  'a residual sum in front of a normalisation by %s is a Sum, and computes the same',
  async (normalisation) => {
    const source = network(normalisation);
    const made = withResidualSums(source);
    expect(kindsOf(source).filter((kind) => kind === 'Sum')).toEqual([]);
    expect(kindsOf(made).filter((kind) => kind === 'Sum')).toHaveLength(1);
    expect(signalToErrorDb(await runModel(source, 4), await runModel(made, 4))).toBeGreaterThan(110);
  },
);

test('what adds a bias, or is not normalised, stays an Add', () => {
  const made = withResidualSums(network('LayerNormalization'));
  expect(kindsOf(made).filter((kind) => kind === 'Add')).toHaveLength(2);
  const plain = network('none');
  expect(withResidualSums(plain)).toBe(plain);
});

function kindsOf({ graph }: OnnxModel): string[] {
  return graph.node.map(({ opType }) => opType);
}

/** x + (x w + b), normalised, and twice that. */
function network(normalisation: 'LayerNormalization' | 'steps' | 'none'): OnnxModel {
  const drawing = draw('residual');
  const { graph, weight } = drawing;
  const x = graph.input('x', { type: 'float32', shape: ['batch', width] });
  const product = graph.node('MatMul', [x, weight(width, width)]);
  const sum = graph.node('Add', [x, graph.node('Add', [product, weight(width)])]);
  const normalised = { LayerNormalization: byNode, steps: bySteps, none: () => sum }[normalisation](
    drawing,
    sum,
  );
  graph.node('Add', [normalised, normalised], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', width] });
  return graph.model();
}

function byNode({ graph, weight }: Drawing, value: string): string {
  return graph.node('LayerNormalization', [value, weight(width)], { attributes: { axis: { int: -1 } } });
}

/** As exports to sets without the operator have it. */
function bySteps({ graph, sizes }: Drawing, value: string): string {
  const last = sizes(-1);
  const centred = graph.node('Sub', [value, graph.node('ReduceMean', [value, last])]);
  const squares = graph.node('ReduceMean', [graph.node('Mul', [centred, centred]), last]);
  return graph.node('Div', [centred, graph.node('Sqrt', [squares])]);
}
