import type { OnnxGraph, OnnxModel, OnnxNode, OnnxSparseTensor, OnnxTensor } from './model.ts';
import { subgraphsOf } from './graph.ts';

/** Every tensor stored in a model: initializers, attributes, subgraphs, functions and training graphs. */
export function* storedTensors(model: OnnxModel): Generator<OnnxTensor> {
  const training = model.trainingInfo.flatMap((info) => [info.initialization, info.algorithm]);
  for (const graph of present([model.graph, ...training])) yield* tensorsOfGraph(graph);
  for (const { node } of model.functions) yield* tensorsOfNodes(node);
}

function* tensorsOfGraph(graph: OnnxGraph): Generator<OnnxTensor> {
  yield* graph.initializer;
  for (const sparse of graph.sparseInitializer) yield* tensorsOfSparse(sparse);
  yield* tensorsOfNodes(graph.node);
}

function* tensorsOfNodes(nodes: readonly OnnxNode[]): Generator<OnnxTensor> {
  for (const node of nodes) {
    for (const attribute of node.attribute) {
      yield* present([attribute.t, ...attribute.tensors]);
      const sparse = present([attribute.sparseTensor, ...attribute.sparseTensors]);
      for (const tensor of sparse) yield* tensorsOfSparse(tensor);
    }
    for (const graph of subgraphsOf(node)) yield* tensorsOfGraph(graph);
  }
}

function tensorsOfSparse(sparse: OnnxSparseTensor): OnnxTensor[] {
  return present([sparse.values, sparse.indices]);
}

function present<Item>(items: readonly (Item | null)[]): Item[] {
  return items.filter((item) => item !== null);
}
