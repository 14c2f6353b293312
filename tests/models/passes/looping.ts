import { createRandom } from '../../../core/random.ts';
import { elementCount } from '../../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { changed, type OnnxGraph, type OnnxModel } from '../../../models/onnx/model.ts';
import { onnx } from '../../../models/onnx/proto/onnx.js';

const size = 16;
const rows = { type: 'float32', shape: ['batch', size] } as const;
const square = { type: 'float32', shape: [size, size] } as const;

type Draw = (graph: GraphBuilder, name: string, ...shape: number[]) => string;

/** `y`, float32 [batch, 16]: a Gemm by `W` and `b`, then three times one by a `W` and a `b` of the body's own. */
export function looping(): OnnxModel {
  const draw = drawing();
  const graph = buildGraph('looping');
  const x = graph.input('x', rows);
  graph.node('Gemm', [x, draw(graph, 'W', size, size), draw(graph, 'b', 1, size)], { outputs: ['h'] });
  graph.output('y', rows);
  return withLoop(graph, 's', (body) => {
    body.node('Gemm', ['s', draw(body, 'W', size, size), draw(body, 'b', size)], { outputs: ['sum'] });
  });
}

/** `y`, float32 [16, 16]: a MatMul by `W`, and three times one of two values, the second of which the body names `W`. */
export function hiding(): OnnxModel {
  const draw = drawing();
  const graph = buildGraph('hiding');
  const product = graph.node('MatMul', [graph.input('x', rows), draw(graph, 'W', size, size)]);
  const turned = graph.node('Transpose', [product]);
  graph.node('MatMul', [turned, product], { outputs: ['h'] });
  graph.output('y', square);
  return withLoop(graph, 'W', (body) => {
    body.node('MatMul', ['W', 'W'], { outputs: ['sum'] });
  });
}

function drawing(): Draw {
  const random = createRandom(43);
  return (graph, name, ...shape) => {
    const data = Float32Array.from({ length: elementCount(shape) }, () => 0.2 * random.normal());
    return graph.initializer(name, { type: 'float32', shape, data });
  };
}

/** Carries `h` under the name `state` through the body, which puts `sum` in its place. */
function withLoop(graph: GraphBuilder, state: string, fill: (body: GraphBuilder) => void): OnnxModel {
  const body = buildGraph('body');
  body.input('step', { type: 'int64', shape: [] });
  body.input('isOn', { type: 'bool', shape: [] });
  body.input(state, { type: 'float32' });
  fill(body);
  body.output(body.node('Identity', ['isOn']), { type: 'bool', shape: [] });
  body.output(body.node('Tanh', ['sum']), { type: 'float32' });
  const times = graph.initializer('times', { type: 'int64', shape: [], data: BigInt64Array.of(3n) });
  graph.node('Loop', [times, '', 'h'], { outputs: ['y'], name: 'repeat' });
  return withBody(graph.model(), body.model().graph);
}

function withBody(model: OnnxModel, body: OnnxGraph): OnnxModel {
  // Number 5 of `AttributeProto.AttributeType` is a graph.
  const attribute = [onnx.AttributeProto.create({ name: 'body', type: 5, g: body } as never)];
  const node = model.graph.node.map((one) =>
    one.opType === 'Loop' ? changed(one, { attribute: attribute as typeof one.attribute }) : one,
  );
  return changed(model, { graph: changed(model.graph, { node }) });
}
