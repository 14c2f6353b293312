import { expect, test } from 'vitest';
import type { OnnxModel } from '../../../../models/onnx/model.ts';
import { readTensor } from '../../../../models/onnx/tensor.ts';
import { pruneChannels } from '../../../../models/passes/prune-structures.ts';
import { withPlainReshapes } from '../../../../models/passes/structure/plain-reshapes.ts';
import { runModel, signalToErrorDb } from '../../run-model.ts';
import { shuffled, type SizesFor } from './channel-networks.ts';
import { draw } from '../drawing.ts';

const along = { attributes: { axis: { int: 0 } } };
const stored: SizesFor = ({ sizes }, _, shape) => sizes(-1, ...shape);

/** As older exporters write the number of samples: a row of one, or a number made one. */
const ofRow: SizesFor = ({ graph, sizes }, value, shape) =>
  graph.node(
    'Concat',
    [graph.node('Gather', [graph.node('Shape', [value]), sizes(0)]), sizes(...shape)],
    along,
  );
const ofNumber: SizesFor = ({ graph, sizes }, value, shape) => {
  const shapeOfValue = graph.node('Shape', [value]);
  const index = graph.initializer(`index_of_${shapeOfValue}`, {
    type: 'int64',
    shape: [],
    data: BigInt64Array.of(0n),
  });
  const size = graph.node('Unsqueeze', [graph.node('Gather', [shapeOfValue, index]), sizes(0)]);
  return graph.node('Concat', [size, ...shape.map((one) => sizes(one))], along);
};
const ofInput: SizesFor = (drawing, _, shape) => ofRow(drawing, 'x', shape);

test.for([
  ['a row', ofRow],
  ['a number', ofNumber],
  ['that of the input', ofInput],
] as const)(
  'a shuffle whose number of samples is computed, as %s, loses the channels it loses else',
  async ([, sizes]) => {
    const [expected, found] = await Promise.all([pruned(shuffled(stored)), pruned(shuffled(sizes))]);
    expect(found.graph.initializer.filter(({ dims }) => dims.length > 2).map(({ dims }) => dims)).toEqual(
      expected.graph.initializer.filter(({ dims }) => dims.length > 2).map(({ dims }) => dims),
    );
    expect(found.graph.node.map(({ opType }) => opType)).not.toContain('Shape');
    expect(signalToErrorDb(await runModel(expected, 3), await runModel(found, 3))).toBeGreaterThan(100);
  },
);

test.for([
  [
    [['x', 0], 4, -1],
    [0, 4, -1],
  ],
  [
    [['x', 0], ['x', 1], 8],
    [0, 0, 8],
  ],
  [
    [['x', 1], 8],
    [-1, 8],
  ],
  [
    [['other', 0], 8],
    [-1, 8],
  ],
  // Of equal sizes it is all the same whose they are; one that is known need not be copied.
  [
    [['x', 0], ['x', 1], ['x', 2], 4],
    [0, 0, 2, 4],
  ],
  [
    [['z', 0], ['z', 1], 8],
    [0, 0, 8],
  ],
  [
    [['z', 0], 4, -1],
    [0, 4, -1],
  ],
  // Another axis, or value, may have another size, and of two unknown ones neither can be reckoned.
  [[['x', 1], 8, -1], null],
  [[['other', 0], 8, -1], null],
  [[['other', 0], ['other', 1], 8], null],
] as const)('sizes %j of x are stored as %j', async ([parts, expected]) => {
  const drawing = draw('sizes');
  const { graph, sizes } = drawing;
  const x = graph.input('x', { type: 'float32', shape: ['batch', 'length', 2, 4] });
  graph.input('other', { type: 'float32', shape: ['count', 'places', 2, 4] });
  graph.node('Neg', [x], { outputs: ['z'] });
  const rows = parts.map((part) =>
    typeof part === 'number'
      ? sizes(part)
      : graph.node('Gather', [graph.node('Shape', [part[0]]), sizes(part[1])]),
  );
  graph.node('Reshape', [x, graph.node('Concat', rows, along)], { outputs: ['y'] });
  graph.output('y', { type: 'float32' });
  const { graph: made } = await withPlainReshapes(graph.model());
  const shape = made.node.at(-1)?.input[1];
  const tensor = made.initializer.find(({ name }) => name === shape);
  const found = tensor === undefined ? null : Array.from(readTensor(tensor).data as BigInt64Array, Number);
  expect(found).toEqual(expected);
});

test('of channels that go together as a set, the sets are counted', async () => {
  const outcome = await pruneChannels.apply(shuffled(stored), settings, null);
  expect(outcome).toMatchObject({
    summary: expect.stringContaining(
      '5 of 10 sets of channels removed (w0 6 to 3, w4 and w8 4 to 2)',
    ) as string,
  });
});

const settings = { sparsity: 0.5, importance: 'weights', reconstruction: 'none', multiple: 1 };

async function pruned(source: OnnxModel): Promise<OnnxModel> {
  const outcome = await pruneChannels.apply(source, settings, null);
  if (outcome.status !== 'applied') throw new Error(outcome.reason);
  return outcome.model;
}
