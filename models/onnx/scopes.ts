import { countUses, sortNodes, subgraphsOf, withoutUnused } from './graph.ts';
import { changed, type OnnxGraph, type OnnxNode, type OnnxTensor } from './model.ts';

/** A graph, or one inside a node of it, with the stored tensors that its nodes see. */
export interface Scope {
  graph: OnnxGraph;
  constants: ReadonlyMap<string, OnnxTensor>;
}

/** A graph and all graphs inside its nodes: the branches of an If, the bodies of Loop and Scan. What one makes hides outer values of its name. */
export function scopesOf(graph: OnnxGraph, outer: Scope['constants'] = new Map()): Scope[] {
  const hidden = new Set([
    ...graph.input.map(({ name }) => name),
    ...graph.node.flatMap(({ output }) => output),
  ]);
  const seen = [...outer].filter(([name]) => !hidden.has(name));
  const own = graph.initializer.map((tensor) => [tensor.name, tensor] as const);
  const constants = new Map([...seen, ...own]);
  const inner = graph.node.flatMap(subgraphsOf);
  return [{ graph, constants }, ...inner.flatMap((one) => scopesOf(one, constants))];
}

/** How often each stored tensor is needed by the nodes and outputs that see it. */
export function usesOfStored(scopes: readonly Scope[]): ReadonlyMap<OnnxTensor, number> {
  const entries = scopes.flatMap(({ graph }) => {
    const uses = countUses(graph);
    return graph.initializer.map((tensor) => [tensor, uses.get(tensor.name) ?? 0] as const);
  });
  return new Map(entries);
}

/** What becomes of the nodes of one graph: a node that is not to change is returned as it is. */
type Replace = (node: OnnxNode) => OnnxNode[];

/**
 * The graph with nodes replaced, in the graphs inside its nodes too, in an order they can run in; without the stored tensors among
 * `replaced` that nothing needs any more. `start` is called for each graph, since what one makes another need not see.
 */
export function replaceNodes(
  graph: OnnxGraph,
  start: () => Replace,
  replaced: ReadonlySet<OnnxTensor>,
): OnnxGraph {
  const replace = start();
  const node = sortNodes(graph.node).flatMap((one) =>
    replace(withInnerGraphs(one, (inner) => replaceNodes(inner, start, replaced))),
  );
  const own = graph.initializer.filter((tensor) => replaced.has(tensor));
  return withoutUnused(changed(graph, { node }), new Set(own.map(({ name }) => name)));
}

function withInnerGraphs(node: OnnxNode, change: (graph: OnnxGraph) => OnnxGraph): OnnxNode {
  if (subgraphsOf(node).length === 0) return node;
  const attribute = node.attribute.map((one) =>
    changed(one, { g: one.g === null ? null : change(one.g), graphs: one.graphs.map(change) }),
  );
  return changed(node, { attribute });
}
