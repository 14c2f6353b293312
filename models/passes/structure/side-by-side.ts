import { sortNodes, valuesReadBy } from '../../onnx/graph.ts';
import { changed, type OnnxGraph, type OnnxNode } from '../../onnx/model.ts';
import { withNames } from '../../onnx/rename.ts';

/** Two graphs as one. */
interface BothGraphs {
  graph: OnnxGraph;
  /** The name of what a value of the original graph is. */
  nameInOriginal: (name: string) => string;
}

/** Both graphs on the same inputs. What is the same in both is there once; what differs in the original one gets a prefix. */
export function sideBySide(original: OnnxGraph, current: OnnxGraph): BothGraphs {
  const kept = new Set([...current.initializer, ...current.node]);
  const differing = new Set(
    original.initializer.filter((tensor) => !kept.has(tensor)).map(({ name }) => name),
  );
  const nameInOriginal = (name: string): string => (differing.has(name) ? `original/${name}` : name);
  const initializer = original.initializer
    .filter(({ name }) => differing.has(name))
    .map((tensor) => changed(tensor, { name: nameInOriginal(tensor.name) }));
  const nodes: OnnxNode[] = [];
  for (const node of sortNodes(original.node)) {
    if (kept.has(node) && !valuesReadBy(node).some((name) => differing.has(name))) continue;
    for (const name of node.output) if (name !== '') differing.add(name);
    // Nodes without a name may share that; those with one may not.
    const name = node.name === '' ? '' : `original/${node.name}`;
    nodes.push(changed(withNames(node, nameInOriginal), { name }));
  }
  const graph = changed(current, {
    node: [...current.node, ...nodes],
    initializer: [...current.initializer, ...initializer],
    valueInfo: [],
  });
  return { graph, nameInOriginal };
}
