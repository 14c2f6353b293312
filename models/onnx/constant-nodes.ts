import { changed, numberOf, type OnnxModel, type OnnxNode, type OnnxTensor } from './model.ts';
import { createTensor } from './tensor.ts';

/** The model with what its Constant nodes hold among the stored tensors, as TorchScript writes weights and sizes; sparse ones, texts and outputs stay. */
export function withStoredConstants(model: OnnxModel): OnnxModel {
  const outputs = new Set(model.graph.output.map(({ name }) => name));
  const stored = new Map<OnnxNode, OnnxTensor>();
  for (const node of model.graph.node) {
    const tensor = outputs.has(node.output[0] ?? '') ? null : heldBy(node);
    if (tensor !== null) stored.set(node, tensor);
  }
  if (stored.size === 0) return model;
  const node = model.graph.node.filter((one) => !stored.has(one));
  const initializer = [...model.graph.initializer, ...stored.values()];
  return changed(model, { graph: changed(model.graph, { node, initializer }) });
}

function heldBy({ domain, opType, attribute: [held], output: [name = ''] }: OnnxNode): OnnxTensor | null {
  if (domain !== '' || opType !== 'Constant' || held === undefined) return null;
  switch (held.name) {
    case 'value':
      return held.t === null ? null : changed(held.t, { name });
    case 'value_float':
      return createTensor(name, { type: 'float32', shape: [], data: Float32Array.of(held.f) });
    case 'value_floats':
      return createTensor(name, {
        type: 'float32',
        shape: [held.floats.length],
        data: Float32Array.from(held.floats),
      });
    case 'value_int':
      return createTensor(name, {
        type: 'int64',
        shape: [],
        data: BigInt64Array.of(BigInt(numberOf(held.i))),
      });
    case 'value_ints': {
      const data = BigInt64Array.from(held.ints, (item) => BigInt(numberOf(item)));
      return createTensor(name, { type: 'int64', shape: [data.length], data });
    }
    default:
      return null;
  }
}
