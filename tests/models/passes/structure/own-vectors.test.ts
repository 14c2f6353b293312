import { expect, test } from 'vitest';
import type { OnnxModel } from '../../../../models/onnx/model.ts';
import { pruneNeurons } from '../../../../models/passes/prune-structures.ts';
import { runModel } from '../../run-model.ts';
import { draw, type Drawing } from '../drawing.ts';

const settings = { sparsity: 0.5, importance: 'weights', reconstruction: 'none', multiple: 1 };

test.for([
  ['passed on', throughIdentity],
  ['read by both', shared],
] as const)(
  'neurons of layers whose equal biases are written once, and %s, go as those of layers with biases of their own',
  async ([, biasesFor]) => {
    const [own, passed] = await Promise.all([pruned(stored), pruned(biasesFor)]);
    expect(passed.graph.initializer.map(({ dims }) => dims).toSorted()).toEqual(
      own.graph.initializer.map(({ dims }) => dims).toSorted(),
    );
    expect(await runModel(passed, 3)).toEqual(await runModel(own, 3));
  },
);

/** Two layers of 8 neurons. */
async function pruned(biasesFor: (drawing: Drawing) => [string, string]): Promise<OnnxModel> {
  const drawing = draw('layers');
  const { graph, weight } = drawing;
  let value = graph.input('x', { type: 'float32', shape: ['batch', 4] });
  for (const [at, bias] of biasesFor(drawing).entries()) {
    const product = graph.node('MatMul', [value, weight(at === 0 ? 4 : 8, 8)]);
    value = graph.node('Relu', [graph.node('Add', [product, bias])]);
  }
  graph.node('MatMul', [value, weight(8, 2)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 2] });
  const outcome = await pruneNeurons.apply(graph.model(), settings, null);
  if (outcome.status !== 'applied') throw new Error(outcome.reason);
  expect(outcome.summary).toContain('8 of 16 neurons removed');
  return outcome.model;
}

function stored({ graph }: Drawing): [string, string] {
  const [first = '', second = ''] = ['first', 'second'].map((name) => graph.initializer(name, ones));
  return [first, second];
}

function throughIdentity({ graph }: Drawing): [string, string] {
  const first = graph.initializer('first', ones);
  return [first, graph.node('Identity', [first])];
}

function shared({ graph }: Drawing): [string, string] {
  const first = graph.initializer('first', ones);
  return [first, first];
}

const ones = { type: 'float32', shape: [8], data: new Float32Array(8).fill(1) } as const;
