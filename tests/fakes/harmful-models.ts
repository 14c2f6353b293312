import { buildGraph, type GraphBuilder } from '../../models/onnx/builder.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';
import { onnx } from '../../models/onnx/proto/onnx.js';
import { encodeModel } from '../../models/onnx/write.ts';

/** A linear model of two features that never comes to an end: a Loop without a limit whose condition stays true. */
export function endlessModel(): Uint8Array {
  return linearBehind((graph, x) => {
    const yes = graph.initializer('yes', { type: 'bool', shape: [], data: Uint8Array.of(1) });
    return graph.node('Loop', ['', yes, x], { name: 'forever' });
  }, giveBodyToLoop);
}

function linearBehind(
  before: (graph: GraphBuilder, x: string) => string,
  finish: (model: OnnxModel) => void,
): Uint8Array {
  const graph = buildGraph('harmful');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2] });
  const w = graph.initializer('w', { type: 'float32', shape: [2, 1], data: Float32Array.of(2, -1) });
  graph.node('MatMul', [before(graph, x), w], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  const model = graph.model();
  finish(model);
  return encodeModel(model);
}

/** The builder makes no subgraphs: the body passes its condition and its value on. */
function giveBodyToLoop({ graph }: OnnxModel): void {
  const body = buildGraph('body');
  const scalar = { type: 'int64', shape: [] } as const;
  body.input('iteration', scalar);
  body.input('condition_in', { type: 'bool', shape: [] });
  body.input('value_in', { type: 'float32', shape: ['batch', 2] });
  body.node('Identity', ['condition_in'], { outputs: ['condition_out'] });
  body.node('Identity', ['value_in'], { outputs: ['value_out'] });
  body.output('condition_out', { type: 'bool', shape: [] });
  body.output('value_out', { type: 'float32', shape: ['batch', 2] });
  const attribute = onnx.AttributeProto.create({ name: 'body', type: 5, g: body.model().graph });
  graph.node.find(({ name }) => name === 'forever')?.attribute.push(attribute as never);
}
