import { subgraphsOf } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxModel, OnnxNode } from '../onnx/model.ts';

/** Why each node with one of some operators in the graphs inside nodes stays as it is, for passes that do not go in there. */
export function innerObstacles({ graph, functions }: OnnxModel, operators: readonly string[]): string[] {
  return [
    ...graph.node.flatMap((node) => inside(node, operators)),
    ...functionObstacles(functions, operators),
  ];
}

function inside(node: OnnxNode, operators: readonly string[]): string[] {
  const label = node.name === '' ? `a graph of ${node.opType}` : `${node.opType} "${node.name}"`;
  return subgraphsOf(node)
    .flatMap(allNodes)
    .filter((inner) => isOne(inner, operators))
    .map(() => `inside ${label}`);
}

function allNodes({ node }: Pick<OnnxGraph, 'node'>): OnnxNode[] {
  return node.flatMap((one) => [one, ...subgraphsOf(one).flatMap(allNodes)]);
}

/** A function of the model has no weights of its own, and may be called with several. */
export function functionObstacles(functions: OnnxModel['functions'], operators: readonly string[]): string[] {
  return functions.flatMap((called) =>
    allNodes(called)
      .filter((one) => isOne(one, operators))
      .map(() => `inside the function ${called.name}`),
  );
}

function isOne({ domain, opType }: OnnxNode, operators: readonly string[]): boolean {
  return domain === '' && operators.includes(opType);
}
