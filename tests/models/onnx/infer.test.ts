import { expect, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { inferValues } from '../../../models/onnx/infer.ts';

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
