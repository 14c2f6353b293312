import { expect, test } from 'vitest';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { inferValues } from '../../../models/onnx/infer.ts';
import { changed, type OnnxModel } from '../../../models/onnx/model.ts';
import { liftOpset, opsetOf } from '../../../models/onnx/opset.ts';
import { runModel } from '../run-model.ts';

test('a model of set 11 gives the same under set 13, attributes that became inputs moved', async () => {
  const model = at11((graph, x) => {
    const wide = graph.node('Unsqueeze', [x], { attributes: { axes: { ints: [0, 3] } } });
    const narrow = graph.node('Squeeze', [wide], { attributes: { axes: { ints: [0] } } });
    const sum = graph.node('ReduceSum', [narrow], {
      attributes: { axes: { ints: [2] }, keepdims: { int: 0 } },
    });
    const attributes = { axis: { int: 1 }, split: { ints: [2, 4] } };
    const left = graph.node('Split', [sum], { outputs: ['left', 'right'], attributes });
    graph.node('Softmax', [left], { outputs: ['y'] });
  });
  const lifted = await lift(model);
  if ('reason' in lifted) throw new Error(lifted.reason);
  expect(opsetOf(lifted.model)).toBe(13);
  expect(await runModel(lifted.model, 1)).toEqual(await runModel(model, 1));
});

test('a Softmax over more than the last axis is named as what stands against it', async () => {
  const model = at11((graph, x) => {
    graph.node('Softmax', [x], { outputs: ['y'], attributes: { axis: { int: 0 } } });
  });
  expect(await lift(model)).toEqual({
    reason: 'it needs operator set 13, the model has 11, and Softmax changed since',
  });
});

test('a set before 11 is refused by its number, one from 13 on stays', async () => {
  const model = at11((graph, x) => graph.node('Relu', [x], { outputs: ['y'] }));
  expect(await lift(withVersion(model, 9))).toEqual({
    reason: 'it needs operator set 13, the model has 9',
  });
  const young = withVersion(model, 17);
  expect(await lift(young)).toEqual({ model: young });
});

async function lift(model: OnnxModel): Promise<ReturnType<typeof liftOpset>> {
  return liftOpset(model, 13, await inferValues(model));
}

function at11(build: (graph: GraphBuilder, x: string) => unknown): OnnxModel {
  const graph = buildGraph('old');
  build(graph, graph.input('x', { type: 'float32', shape: [4, 6] }));
  graph.output('y', { type: 'float32', shape: ['rows', 'columns'] });
  return withVersion(graph.model(), 11);
}

function withVersion(model: OnnxModel, version: number): OnnxModel {
  return changed(model, { opsetImport: model.opsetImport.map((set) => changed(set, { version })) });
}
