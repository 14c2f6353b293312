import { nodesOf } from '../../onnx/graph.ts';
import { changed, type OnnxModel } from '../../onnx/model.ts';

/** The model with a stored vector of its own for each that an Identity passes on: TorchScript writes equal biases and scales once, such as those at zero. */
export function withOwnVectors(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const outputs = new Set(graph.output.map(({ name }) => name));
  const vectors = new Map(
    graph.initializer.filter(({ dims }) => dims.length === 1).map((tensor) => [tensor.name, tensor]),
  );
  const passed = nodesOf(graph, ['Identity']).filter(
    ({ input: [from = ''], output: [name = ''] }) => vectors.has(from) && !outputs.has(name),
  );
  if (passed.length === 0) return model;
  const copies = passed.map(({ input: [from = ''], output: [name = ''] }) =>
    changed(vectors.get(from)!, { name }),
  );
  const node = graph.node.filter((one) => !passed.includes(one));
  return changed(model, { graph: changed(graph, { node, initializer: [...graph.initializer, ...copies] }) });
}
