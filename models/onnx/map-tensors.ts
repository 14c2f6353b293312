import {
  changed,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxSparseTensor,
  type OnnxTensor,
} from './model.ts';

type Change = (tensor: OnnxTensor) => OnnxTensor;

/** The model with every stored tensor replaced by what `change` makes of it, in subgraphs, functions and training graphs too. */
export function mapTensors(model: OnnxModel, change: Change): OnnxModel {
  const training = model.trainingInfo.map((info) =>
    changed(info, {
      initialization: orNull(info.initialization, (graph) => mapGraph(graph, change)),
      algorithm: orNull(info.algorithm, (graph) => mapGraph(graph, change)),
    }),
  );
  const functions = model.functions.map((one) => changed(one, { node: mapNodes(one.node, change) }));
  return changed(model, { graph: mapGraph(model.graph, change), functions, trainingInfo: training });
}

function mapGraph(graph: OnnxGraph, change: Change): OnnxGraph {
  return changed(graph, {
    initializer: graph.initializer.map(change),
    sparseInitializer: graph.sparseInitializer.map((sparse) => mapSparse(sparse, change)),
    node: mapNodes(graph.node, change),
  });
}

function mapNodes(nodes: readonly OnnxNode[], change: Change): OnnxNode[] {
  return nodes.map((node) =>
    changed(node, { attribute: node.attribute.map((one) => mapAttribute(one, change)) }),
  );
}

function mapAttribute(attribute: OnnxNode['attribute'][number], change: Change): typeof attribute {
  return changed(attribute, {
    t: orNull(attribute.t, change),
    tensors: attribute.tensors.map(change),
    g: orNull(attribute.g, (graph) => mapGraph(graph, change)),
    graphs: attribute.graphs.map((graph) => mapGraph(graph, change)),
    sparseTensor: orNull(attribute.sparseTensor, (sparse) => mapSparse(sparse, change)),
    sparseTensors: attribute.sparseTensors.map((sparse) => mapSparse(sparse, change)),
  });
}

function mapSparse(sparse: OnnxSparseTensor, change: Change): OnnxSparseTensor {
  return changed(sparse, { values: orNull(sparse.values, change), indices: orNull(sparse.indices, change) });
}

function orNull<Item>(item: Item | null, change: (item: Item) => Item): Item | null {
  return item === null ? null : change(item);
}
