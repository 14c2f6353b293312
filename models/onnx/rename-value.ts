import { changed, type OnnxGraph, type OnnxNode } from './model.ts';

/** The graph with a value under another name wherever nodes make or read it; declared inputs and outputs stay as they are. */
export function renameValue(graph: OnnxGraph, from: string, to: string): OnnxGraph {
  const renamed = (name: string): string => (name === from ? to : name);
  const inNodes = (nodes: readonly OnnxNode[]): OnnxNode[] =>
    nodes.map((node) =>
      changed(node, {
        input: node.input.map(renamed),
        output: node.output.map(renamed),
        attribute: node.attribute.map((one) =>
          changed(one, { g: one.g === null ? null : inSubgraph(one.g), graphs: one.graphs.map(inSubgraph) }),
        ),
      }),
    );
  // A graph inside a node reads outer values under their names; its own have other names.
  const inSubgraph = (inner: OnnxGraph): OnnxGraph =>
    changed(inner, {
      node: inNodes(inner.node),
      output: inner.output.map((output) => changed(output, { name: renamed(output.name) })),
    });
  return changed(graph, {
    node: inNodes(graph.node),
    valueInfo: graph.valueInfo.filter(({ name }) => name !== from),
  });
}
