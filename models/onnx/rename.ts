import { changed, type OnnxGraph, type OnnxNode } from './model.ts';

type Rename = (name: string) => string;

/** The node with its values renamed, those that graphs inside it take from outside included. */
export function withNames(node: OnnxNode, rename: Rename): OnnxNode {
  const renamed = (name: string): string => (name === '' ? '' : rename(name));
  const attribute = node.attribute.map((one) =>
    one.g === null && one.graphs.length === 0
      ? one
      : changed(one, {
          g: one.g === null ? null : withOuterNames(one.g, renamed),
          graphs: one.graphs.map((graph) => withOuterNames(graph, renamed)),
        }),
  );
  return changed(node, { input: node.input.map(renamed), output: node.output.map(renamed), attribute });
}

function withOuterNames(graph: OnnxGraph, rename: Rename): OnnxGraph {
  const own = new Set([
    ...[...graph.input, ...graph.initializer].map(({ name }) => name),
    ...graph.node.flatMap(({ output }) => output),
  ]);
  const outer: Rename = (name) => (own.has(name) ? name : rename(name));
  return changed(graph, {
    node: graph.node.map((node) => withNames(node, outer)),
    output: graph.output.map((output) => changed(output, { name: outer(output.name) })),
  });
}
