import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxSparseTensor, OnnxTensor } from './model.ts';

/** Every tensor stored in a model: initializers, attributes, subgraphs, functions and training graphs. */
export function* tensorsOf(model: OnnxModel): Generator<OnnxTensor> {
  const graphs = [
    model.graph,
    ...model.trainingInfo.flatMap((info) => [info.initialization, info.algorithm]),
  ];
  for (const graph of graphs) yield* tensorsOfGraph(graph);
  for (const { node } of model.functions) yield* tensorsOfNodes(node);
}

function* tensorsOfGraph(graph: OnnxGraph | null): Generator<OnnxTensor> {
  if (graph === null) return;
  yield* graph.initializer;
  for (const sparse of graph.sparseInitializer) yield* tensorsOfSparse(sparse);
  yield* tensorsOfNodes(graph.node);
}

function* tensorsOfNodes(nodes: readonly OnnxNode[]): Generator<OnnxTensor> {
  for (const attribute of nodes.flatMap((node) => node.attribute)) {
    yield* present([attribute.t, ...attribute.tensors]);
    for (const sparse of present([attribute.sparseTensor, ...attribute.sparseTensors]))
      yield* tensorsOfSparse(sparse);
    for (const graph of subgraphsOf(attribute)) yield* tensorsOfGraph(graph);
  }
}

function tensorsOfSparse(sparse: OnnxSparseTensor): OnnxTensor[] {
  return present([sparse.values, sparse.indices]);
}

function subgraphsOf(attribute: OnnxAttribute): OnnxGraph[] {
  return present([attribute.g, ...attribute.graphs]);
}

function present<Item>(items: readonly (Item | null)[]): Item[] {
  return items.filter((item) => item !== null);
}
