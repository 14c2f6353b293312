import { elementTypeName } from './element-type.ts';
import { freshNames, subgraphsOf, type FreshName } from './graph.ts';
import type { InferredValue } from './infer.ts';
import {
  changed,
  numberOf,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from './model.ts';
import { createNode } from './node.ts';
import { isOnnxOwn } from './plain-domains.ts';
import { scopesOf } from './scopes.ts';
import { storedTensors } from './stored-tensors.ts';
import { createTensor } from './tensor.ts';

/** The oldest ONNX operator set the passes read. */
export const oldestOpset = 11;
/** The newest one ONNX Runtime 1.30 loads. */
export const newestOpset = 26;

/** Attributes that set 13 made an input, by operator. */
const movedBy13: Readonly<Record<string, string>> = {
  ReduceSum: 'axes',
  Split: 'split',
  Squeeze: 'axes',
  Unsqueeze: 'axes',
};
/** Operators that flattened all axes from theirs on before set 13, and work along it alone since. */
const flattenedBefore13 = ['Hardmax', 'LogSoftmax', 'Softmax'];
/** Operators that changed from 11 to 13 in a way that is not rewritten here. */
const changedBy13 = ['Dropout', 'NegativeLogLikelihoodLoss', 'SoftmaxCrossEntropyLoss'];

/** The version of the ONNX operators a model uses; 0 where it uses none. */
export function opsetOf(model: OnnxModel): number {
  return numberOf(model.opsetImport.findLast(isOnnxOwn)?.version ?? 0);
}

/**
 * The model under operator set `needed`, at most 13, where it has 11 or 12: what moved is moved. Else the reason why not, with
 * the operators that stand against it. `values` are what ONNX Runtime infers of it.
 */
export function liftOpset(
  model: OnnxModel,
  needed: number,
  values: ReadonlyMap<string, InferredValue>,
): { model: OnnxModel } | { reason: string } {
  const version = opsetOf(model);
  if (version >= needed) return { model };
  const fixed = new Set(model.graph.node.filter((node) => isLiftable(node, values)));
  const obstacles = new Set([
    ...model.graph.node.filter((node) => !fixed.has(node)).map(({ opType }) => opType),
    ...model.graph.node.flatMap(subgraphsOf).flatMap(changedOperators),
  ]);
  if (version < oldestOpset || obstacles.size > 0) {
    const why = obstacles.size === 0 ? '' : `, and ${[...obstacles].join(', ')} changed since`;
    return { reason: `it needs operator set ${needed}, the model has ${version}${why}` };
  }
  const opsetImport = model.opsetImport.map((set) =>
    set.domain === '' ? changed(set, { version: needed }) : set,
  );
  return { model: changed(model, { opsetImport, graph: liftNodes(model.graph) }) };
}

/** What set 21 changed in meaning, and attributes and types that it brought. */
const changedBy21 = ['GroupNormalization'];
const broughtBy21 = ['block_size', 'output_dtype', 'int4', 'uint4'];

/**
 * The model under operator set 20 where it has 21 and needs nothing of it; the same model otherwise. In graphs of set 21 ONNX Runtime 1.30 copies
 * the type of int8 integers to nodes that it then gives uint8, and refuses them.
 */
export function withoutOpset21(model: OnnxModel): OnnxModel {
  const isNeeded =
    model.functions.length > 0 ||
    scopesOf(model.graph).some(({ graph }) => graph.node.some(needsSet21)) ||
    [...storedTensors(model)].some(({ dataType }) => broughtBy21.includes(elementTypeName(dataType)));
  if (opsetOf(model) !== 21 || isNeeded) return model;
  const opsetImport = model.opsetImport.map((set) => (isOnnxOwn(set) ? changed(set, { version: 20 }) : set));
  return changed(model, { opsetImport });
}

function needsSet21({ domain, opType, attribute }: OnnxNode): boolean {
  const isChanged = domain === '' && changedBy21.includes(opType);
  return isChanged || attribute.some(({ name }) => broughtBy21.includes(name));
}

function isLiftable(node: OnnxNode, values: ReadonlyMap<string, InferredValue>): boolean {
  if (node.domain !== '' || !flattenedBefore13.includes(node.opType))
    return !changedBy13.includes(node.opType);
  const rank = values.get(node.input[0] ?? '')?.shape.length ?? 0;
  const axis = numberOf(node.attribute.find(({ name }) => name === 'axis')?.i ?? 1);
  // Along the last axis both meanings are one.
  return axis === -1 || axis === rank - 1;
}

function changedOperators(graph: OnnxGraph): string[] {
  const all = [...changedBy13, ...flattenedBefore13, ...Object.keys(movedBy13)];
  return graph.node.flatMap((node) => [
    ...(node.domain === '' && all.includes(node.opType) ? [node.opType] : []),
    ...subgraphsOf(node).flatMap(changedOperators),
  ]);
}

function liftNodes(graph: OnnxGraph): OnnxGraph {
  const fresh = freshNames(graph);
  const tensors: OnnxTensor[] = [];
  const node = graph.node.map((one) => liftNode(one, fresh, tensors));
  return changed(graph, { node, initializer: [...graph.initializer, ...tensors] });
}

function liftNode(node: OnnxNode, fresh: FreshName, tensors: OnnxTensor[]): OnnxNode {
  if (node.domain !== '') return node;
  if (flattenedBefore13.includes(node.opType)) return withLastAxis(node);
  const moved = node.attribute.find(({ name }) => name === movedBy13[node.opType]);
  if (moved === undefined) return node;
  const name = fresh(`${node.output[0] ?? ''}_${moved.name}`);
  const data = BigInt64Array.from(moved.ints, (item) => BigInt(numberOf(item)));
  tensors.push(createTensor(name, { type: 'int64', shape: [data.length], data }));
  const attribute = node.attribute.filter((one) => one !== moved);
  return changed(node, { attribute, input: [node.input[0] ?? '', name] });
}

function withLastAxis(node: OnnxNode): OnnxNode {
  const { attribute } = createNode({
    ...{ opType: '', inputs: [], outputs: [], name: '' },
    attributes: { axis: { int: -1 } },
  });
  return changed(node, {
    attribute: [...node.attribute.filter(({ name }) => name !== 'axis'), ...attribute],
  });
}
