import { expect, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { applyPasses } from '../../../models/passes/apply.ts';
import { parseVariant, stepsOn } from '../../../models/variant.ts';
import { drawnCalibration } from './small-calibration.ts';

test.for(['int8-static', 'int8-dynamic', 'fp16', 'prune-neurons-50', 'prune-magnitude-50', 'smooth-quant'])(
  'a graph that hands its input on is said to have no nodes, by %s',
  async (variant) => {
    const graph = buildGraph('handed-on');
    graph.output(graph.input('x', { type: 'float32', shape: ['batch', 4] }), {
      type: 'float32',
      shape: ['batch', 4],
    });
    const source = graph.model();
    const steps = stepsOn(parseVariant(variant), 'onnx') ?? [];
    expect(await applyPasses(source, steps, drawnCalibration(source))).toEqual({
      reason: `${steps[0]?.pass} has nothing to do: the graph has no nodes.`,
    });
  },
);

test('a part with nothing left to do is told with the variant that there is without it', async () => {
  const graph = buildGraph('small');
  const weight = {
    type: 'float32',
    shape: [4, 4],
    data: Float32Array.from({ length: 16 }, (_, at) => at - 8),
  } as const;
  const x = graph.input('x', { type: 'float32', shape: ['batch', 4] });
  graph.node('MatMul', [x, graph.initializer('w', weight)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4] });
  const source = graph.model();
  const reasonOf = async (variant: string): Promise<unknown> =>
    applyPasses(source, stepsOn(parseVariant(variant), 'onnx') ?? [], drawnCalibration(source));
  expect(await reasonOf('int8-static+fp16')).toEqual({
    reason: expect.stringMatching(
      /^After int8-static nothing is left for fp16: no .*\. Without it the variant is int8-static\.$/,
    ) as string,
  });
  expect(await reasonOf('prune-neurons-50+int8-dynamic')).toEqual({
    reason: expect.stringMatching(
      /^prune-neurons has nothing to do: .*\. Without it the variant is int8-dynamic\.$/,
    ) as string,
  });
});
