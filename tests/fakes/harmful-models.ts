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

/** A linear model of two features that fills 64 MiB a sample with zeros first. */
export function hungryModel(): Uint8Array {
  return linearBehind((graph, x) => plusZeros(graph, x, 2 ** 23));
}

/** A linear model of two features that asks for 8 TiB a sample first. */
export function boundlessModel(): Uint8Array {
  return linearBehind((graph, x) => plusZeros(graph, x, 2 ** 40));
}

/** A linear model of two features that ends the process when it runs: ONNX Runtime 1.30 writes a part of a Split that has no name nowhere. */
export function crashingModel(): Uint8Array {
  return linearBehind((graph, x) => {
    const sizes = { type: 'int64', shape: [2], data: BigInt64Array.of(2n, 2n) } as const;
    const twice = graph.node('Concat', [x, x], { attributes: { axis: { int: 1 } } });
    const outputs = ['named', ''];
    const attributes = { axis: { int: 1 } };
    return graph.node('Split', [twice, graph.initializer('sizes', sizes)], { outputs, attributes });
  });
}

/** The value plus the mean of so many zeros a number of it; the count is known only when it runs, so nothing is folded. */
function plusZeros(graph: GraphBuilder, x: string, times: number): string {
  const factors = { type: 'int64', shape: [2], data: BigInt64Array.of(BigInt(times), 1n) } as const;
  const shape = graph.node('Mul', [graph.node('Shape', [x]), graph.initializer('factors', factors)]);
  const zeros = graph.node('ConstantOfShape', [shape]);
  return graph.node('Add', [x, graph.node('ReduceMean', [zeros], { attributes: { keepdims: { int: 0 } } })]);
}

function linearBehind(
  before: (graph: GraphBuilder, x: string) => string,
  finish: (model: OnnxModel) => void = () => undefined,
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
