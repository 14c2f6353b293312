import { createRandom } from '../../../core/random.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { changed, type OnnxGraph, type OnnxModel, type OnnxNode } from '../../../models/onnx/model.ts';
import { createNode } from '../../../models/onnx/node.ts';
import { onnx } from '../../../models/onnx/proto/onnx.js';

const size = 16;

/**
 * `y`, float32 [batch, 16]: a product outside, then an If whose branches multiply by a weight they share, stored outside of them, and by
 * one of their own, which has the same name in both. Positive sums of `x` take the first.
 */
export function branching(): OnnxModel {
  const random = createRandom(41);
  const weight = (graph: GraphBuilder, name: string): string => {
    const data = Float32Array.from({ length: size ** 2 }, () => random.normal());
    return graph.initializer(name, { type: 'float32', shape: [size, size], data });
  };
  const branch = (name: string): OnnxGraph => {
    const graph = buildGraph(name);
    const first = graph.node('MatMul', ['h', 'shared'], { name: `${name}_shared`, outputs: [`${name}_0`] });
    graph.node('MatMul', [first, weight(graph, 'own')], { name: `${name}_own`, outputs: [`${name}_1`] });
    graph.output(`${name}_1`, { type: 'float32', shape: ['batch', size] });
    return graph.model().graph;
  };
  const graph = buildGraph('branching');
  const x = graph.input('x', { type: 'float32', shape: ['batch', size] });
  weight(graph, 'shared');
  graph.node('MatMul', [x, weight(graph, 'first')], { name: 'outer', outputs: ['h'] });
  const sum = graph.node('ReduceSum', [x], { attributes: { keepdims: { int: 0 } } });
  const zero = graph.initializer('zero', { type: 'float32', shape: [], data: Float32Array.of(0) });
  const isPositive = graph.node('Greater', [sum, zero]);
  graph.output('y', { type: 'float32', shape: ['batch', size] });
  const model = graph.model();
  const node = [...model.graph.node, ifNode(isPositive, branch('then'), branch('else'))];
  return changed(model, { graph: changed(model.graph, { node }) });
}

function ifNode(condition: string, yes: OnnxGraph, no: OnnxGraph): OnnxNode {
  const node = createNode({ opType: 'If', inputs: [condition], outputs: ['y'], name: 'choose' });
  // Number 5 of `AttributeProto.AttributeType` is a graph.
  const attribute = [
    { name: 'then_branch', type: 5, g: yes },
    { name: 'else_branch', type: 5, g: no },
  ].map((fields) => onnx.AttributeProto.create(fields as onnx.AttributeProto.$Properties));
  return changed(node, { attribute: attribute as OnnxNode['attribute'] });
}
