import { elementTypeNumbers } from '../../onnx/element-type.ts';
import { countUses, freshNames, nodesOf } from '../../onnx/graph.ts';
import { changed, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxTensor } from '../../onnx/model.ts';

/**
 * The model with a stored vector of its own for each sum and each factor that reads one, since exporters of PyTorch write equal ones once,
 * such as biases at zero: TorchScript passes them on by an Identity, newer ones let all read the same.
 */
export function withOwnVectors(model: OnnxModel): OnnxModel {
  return changed(model, { graph: withoutSharing(withoutIdentities(model.graph)) });
}

function withoutIdentities(graph: OnnxGraph): OnnxGraph {
  const outputs = new Set(graph.output.map(({ name }) => name));
  const vectors = vectorsOf(graph);
  const passed = nodesOf(graph, ['Identity']).filter(
    ({ input: [from = ''], output: [name = ''] }) => vectors.has(from) && !outputs.has(name),
  );
  if (passed.length === 0) return graph;
  const copies = passed.map(({ input: [from = ''], output: [name = ''] }) =>
    changed(vectors.get(from)!, { name }),
  );
  const node = graph.node.filter((one) => !passed.includes(one));
  return changed(graph, { node, initializer: [...graph.initializer, ...copies] });
}

function withoutSharing(graph: OnnxGraph): OnnxGraph {
  const vectors = vectorsOf(graph);
  const uses = countUses(graph);
  const fresh = freshNames(graph);
  const copies: OnnxTensor[] = [];
  const copied = (name: string): string => {
    const vector = vectors.get(name);
    if (vector?.dataType !== elementTypeNumbers.float32 || uses.get(name) === 1) return name;
    const copy = changed(vector, { name: fresh(name) });
    copies.push(copy);
    return copy.name;
  };
  const own = new Map(
    nodesOf(graph, ['Add', 'Mul']).map((node): [OnnxNode, OnnxNode] => [
      node,
      changed(node, { input: node.input.map(copied) }),
    ]),
  );
  if (copies.length === 0) return graph;
  const node = graph.node.map((one) => own.get(one) ?? one);
  return changed(graph, { node, initializer: [...graph.initializer, ...copies] });
}

function vectorsOf({ initializer }: OnnxGraph): Map<string, OnnxTensor> {
  return new Map(initializer.filter(({ dims }) => dims.length === 1).map((tensor) => [tensor.name, tensor]));
}
