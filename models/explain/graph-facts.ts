import { subgraphsOf } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxNode } from '../onnx/model.ts';

/** Operators that multiply float32 values, as ONNX Runtime names them after its fusions. */
export const floatWork = ['Conv', 'FusedConv', 'FusedGemm', 'FusedMatMul', 'Gemm', 'MatMul', 'NhwcFusedConv'];

/** Nodes of the given operators, those inside other nodes included. */
export function nodesIn(graph: OnnxGraph, operators: readonly string[]): OnnxNode[] {
  return graph.node.flatMap((node) => [
    ...(operators.includes(node.opType) ? [node] : []),
    ...subgraphsOf(node).flatMap((inner) => nodesIn(inner, operators)),
  ]);
}

/** The node that makes each value, those inside other nodes included. */
export function makersIn(graph: OnnxGraph): Map<string, OnnxNode> {
  const makers = new Map<string, OnnxNode>();
  for (const node of graph.node) {
    for (const name of node.output) makers.set(name, node);
    for (const inner of subgraphsOf(node))
      for (const [name, maker] of makersIn(inner)) makers.set(name, maker);
  }
  return makers;
}
