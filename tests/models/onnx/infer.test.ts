import { expect, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { inferValues } from '../../../models/onnx/infer.ts';
import { changed } from '../../../models/onnx/model.ts';

test('sizes are known after a group normalisation, too', async () => {
  const graph = buildGraph('groups');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 8, 4, 'width'] });
  const ones = ['scale', 'shift'].map((name) =>
    graph.initializer(name, { type: 'float32', shape: [8], data: new Float32Array(8).fill(1) }),
  );
  const normal = graph.node('GroupNormalization', [x, ...ones], { attributes: { num_groups: { int: 2 } } });
  graph.node('Relu', [normal], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 8, 4, 'width'] });
  const values = await inferValues(graph.model());
  expect(values.get(normal)).toEqual({ type: 'float32', shape: [null, 8, 4, null] });
});

test.for(['GreaterOrEqual', 'LessOrEqual'])(
  '%s has the axes that its inputs have together',
  async (opType) => {
    const graph = buildGraph('compared');
    const x = graph.input('x', { type: 'int64', shape: ['batch', 1, 4] });
    const other = graph.input('other', { type: 'int64', shape: [3, 1] });
    graph.node(opType, [x, other], { outputs: ['y'] });
    graph.output('y', { type: 'bool' });
    const model = graph.model();
    // A function of other operators in this set, through which ONNX Runtime infers nothing.
    const opsetImport = model.opsetImport.map((set) => changed(set, { version: 14 }));
    const values = await inferValues(changed(model, { opsetImport }));
    expect(values.get('y')).toEqual({ type: 'bool', shape: [null, 3, 4] });
  },
);
