import { expect, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { inferRanked } from '../../../models/onnx/infer-ranked.ts';

test('a scalar has no axes, and what may have any number of them is left out', async () => {
  const graph = buildGraph('ranks');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 4] });
  const sizes = graph.input('sizes', { type: 'int64', shape: ['count'] });
  graph.node('ReduceSum', [x], { attributes: { keepdims: { int: 0 } }, outputs: ['total'] });
  graph.node('Expand', [x, sizes], { outputs: ['expanded'] });
  graph.output('total', { type: 'float32', shape: [] });
  graph.output('expanded', { type: 'float32' });
  const values = await inferRanked(graph.model());
  expect(values.get('total')?.shape).toEqual([]);
  expect(values.get('x')?.shape).toEqual([null, 4]);
  expect(values.has('expanded')).toBe(false);
});
