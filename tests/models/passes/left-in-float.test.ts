import { expect, test } from 'vitest';
import { elementCount } from '../../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { changed, type OnnxModel } from '../../../models/onnx/model.ts';
import { createNode } from '../../../models/onnx/node.ts';
import { onnx } from '../../../models/onnx/proto/onnx.js';
import { applyPasses } from '../../../models/passes/apply.ts';
import { parseVariant, stepsOn } from '../../../models/variant.ts';
import { drawnCalibration } from './small-calibration.ts';

test.for(['int8-dynamic', 'int8-static', 'int4-weights', 'prune-magnitude-50'])(
  '%s names a product that ONNX Runtime has fused as left',
  async (variant) => {
    const model = twoProducts((graph, x) =>
      graph.node('FusedMatMul', [x, weight(graph, 'fused')], { domain: 'com.microsoft' }),
    );
    expect(await summaryOf(model, variant)).toMatch(/; left .*: 1 in FusedMatMul of com.microsoft$/);
  },
);

test.for(['int8-dynamic', 'int8-static'])(
  '%s names the type of a weight that is no float32',
  async (variant) => {
    const cast = (graph: GraphBuilder, value: string, to: number): string =>
      graph.node('Cast', [value], { attributes: { to: { int: to } } });
    const model = twoProducts((graph, x) => {
      const half = { type: 'float16', shape: [8, 8], data: new Float16Array(64).fill(1) } as const;
      const product = graph.node('MatMul', [cast(graph, x, 10), graph.initializer('half', half)]);
      return cast(graph, product, 1);
    });
    expect(await summaryOf(model, variant)).toMatch(/; left in float: 1 whose weight is float16$/);
  },
);

test.for(['int8-dynamic', 'int4-weights', 'prune-wanda-50'])(
  '%s tells a constant weight on the left from one that is computed',
  async (variant) => {
    const model = twoProducts((graph, x) => {
      const onTheLeft = graph.node('MatMul', [weight(graph, 'left'), graph.node('Transpose', [x])]);
      return graph.node('Transpose', [onTheLeft]);
    });
    expect(await summaryOf(model, variant)).toMatch(/: 1 whose constant weight is on the left$/);
  },
);

test('int8-static counts the products of functions where they are called', async () => {
  const model = twoProducts((graph, x) =>
    graph.node('Twice', [x, weight(graph, 'given')], { domain: 'local' }),
  );
  const product = createNode({ opType: 'MatMul', inputs: ['a', 'b'], outputs: ['c'], name: 'product' });
  const twice = onnx.FunctionProto.create({
    ...{ name: 'Twice', domain: 'local', input: ['a', 'b'], output: ['c'] },
    opsetImport: [{ domain: '', version: 21 }],
    node: [product as never],
  });
  const called = changed(model, { functions: [twice] as never });
  expect(await summaryOf(called, 'int8-static')).toMatch(/^2 of 2 Conv, Gemm and MatMul/);
});

/** One that every pass takes, after what `before` makes of the input. */
function twoProducts(before: (graph: GraphBuilder, x: string) => string): OnnxModel {
  const graph = buildGraph('products');
  const made = before(graph, graph.input('x', { type: 'float32', shape: ['batch', 8] }));
  graph.node('MatMul', [made, weight(graph, 'last')], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 8] });
  return graph.model();
}

function weight(graph: GraphBuilder, name: string): string {
  const shape = [8, 8];
  const data = Float32Array.from({ length: elementCount(shape) }, (_, at) => ((at * 7) % 13) - 6);
  return graph.initializer(name, { type: 'float32', shape, data });
}

async function summaryOf(model: OnnxModel, variant: string): Promise<string> {
  const steps = stepsOn(parseVariant(variant), 'onnx') ?? [];
  const applied = await applyPasses(model, steps, drawnCalibration(model));
  if ('reason' in applied) throw new Error(applied.reason);
  return applied.lineage.map(({ summary }) => summary).join();
}
