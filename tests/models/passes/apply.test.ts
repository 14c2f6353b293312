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
