import { elementCount } from '../../core/tensor.ts';
import { elementTypeNumbers } from './element-type.ts';
import {
  changed,
  numberOf,
  type OnnxModel,
  type OnnxNode,
  type OnnxSparseTensor,
  type OnnxTensor,
} from './model.ts';
import { createTensor, readTensor, shapeOf } from './tensor.ts';

/** 1 GiB of float32: a few bytes can claim any size. */
const mostElements = 2 ** 28;

/**
 * The model with the sparse float32 tensors of its graph, those of Constant nodes included, stored as plain ones, as ONNX Runtime reads
 * them; larger ones stay sparse.
 */
export function withDenseTensors(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const stored = new Map(graph.sparseInitializer.flatMap(denseTensor));
  const held = new Map(graph.node.flatMap(denseConstant));
  if (stored.size + held.size === 0) return model;
  const sparseInitializer = graph.sparseInitializer.filter((sparse) => !stored.has(sparse));
  const node = graph.node.filter((one) => !held.has(one));
  const initializer = [...graph.initializer, ...stored.values(), ...held.values()];
  return changed(model, { graph: changed(graph, { node, initializer, sparseInitializer }) });
}

function denseConstant(node: OnnxNode): [OnnxNode, OnnxTensor][] {
  const { domain, opType, attribute, output } = node;
  const sparse = attribute[0]?.sparseTensor ?? null;
  if (domain !== '' || opType !== 'Constant' || sparse === null) return [];
  return denseTensor(sparse).map(([, tensor]) => [node, changed(tensor, { name: output[0] ?? '' })]);
}

function denseTensor(sparse: OnnxSparseTensor): [OnnxSparseTensor, OnnxTensor][] {
  const { values, indices } = sparse;
  const shape = sparse.dims.map(numberOf);
  const isTaken = values?.dataType === elementTypeNumbers.float32 && elementCount(shape) <= mostElements;
  if (!isTaken || indices === null) return [];
  const data = new Float32Array(elementCount(shape));
  const places = placesOf(indices, shape);
  for (const [at, value] of (readTensor(values).data as Float32Array).entries())
    data[places[at] ?? -1] = value;
  return [[sparse, createTensor(values.name, { type: 'float32', shape, data })]];
}

/** Row-major places, which stand there as such or as one index an axis. */
function placesOf(indices: OnnxTensor, shape: readonly number[]): number[] {
  const stored = Array.from(readTensor(indices).data as BigInt64Array, Number);
  if (shapeOf(indices).length < 2) return stored;
  const rank = shape.length;
  return Array.from({ length: stored.length / rank }, (_, at) =>
    shape.reduce((place, size, axis) => place * size + (stored[at * rank + axis] ?? -1), 0),
  );
}
