import { expect, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { withStoredConstants } from '../../../models/onnx/constant-nodes.ts';
import { readTensor } from '../../../models/onnx/tensor.ts';

test('what Constant nodes hold is stored under their names', () => {
  const graph = buildGraph('constants');
  const tensor = { type: 'float32', shape: [1, 2], data: Float32Array.of(1, 2) } as const;
  for (const [name, attribute] of [
    ['value', { tensor }],
    ['value_float', { float: 0.5 }],
    ['value_floats', { floats: [0.25, 2] }],
    ['value_int', { int: 3 }],
    ['value_ints', { ints: [1, -1] }],
  ] as const)
    graph.node('Constant', [], { outputs: [name], attributes: { [name]: attribute } });
  const stored = withStoredConstants(graph.model()).graph;
  expect(stored.node).toEqual([]);
  expect(stored.initializer.map((one) => [one.name, readTensor(one)])).toEqual([
    ['value', { type: 'float32', shape: [1, 2], data: Float32Array.of(1, 2) }],
    ['value_float', { type: 'float32', shape: [], data: Float32Array.of(0.5) }],
    ['value_floats', { type: 'float32', shape: [2], data: Float32Array.of(0.25, 2) }],
    ['value_int', { type: 'int64', shape: [], data: BigInt64Array.of(3n) }],
    ['value_ints', { type: 'int64', shape: [2], data: BigInt64Array.of(1n, -1n) }],
  ]);
});

test('a Constant node stays where it makes an output of the graph', () => {
  const graph = buildGraph('constants');
  graph.node('Constant', [], { outputs: ['y'], attributes: { value_float: { float: 1 } } });
  graph.output('y', { type: 'float32', shape: [] });
  const model = graph.model();
  expect(withStoredConstants(model)).toBe(model);
});
