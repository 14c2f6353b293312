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
import { replaceNodes, scopesOf } from './scopes.ts';
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

/** What sets from 21 on changed in meaning or brought: operators, attributes and types. */
const sinceSet21 = {
  operators: [
    ...['Attention', 'BitCast', 'CumProd', 'GroupNormalization', 'RMSNormalization'],
    ...['RotaryEmbedding', 'Swish', 'TensorScatter'],
  ],
  attributes: ['block_size', 'output_dtype', 'precision'],
  types: ['int2', 'uint2', 'int4', 'uint4', 'float4e2m1', 'float8e8m0'],
};

/**
 * The model under operator set 20 where it has a later one and needs nothing of those; the same model otherwise. In graphs of later sets ONNX
 * Runtime 1.30 copies the type of int8 integers to nodes that it then gives uint8, and refuses them.
 */
export function underOpset20(model: OnnxModel): OnnxModel {
  const isNeeded =
    model.functions.length > 0 ||
    scopesOf(model.graph).some(({ graph }) => graph.node.some(needsLaterSet)) ||
    [...storedTensors(model)].some(({ dataType }) => isLaterType(dataType));
  if (opsetOf(model) <= 20 || isNeeded) return model;
  const opsetImport = model.opsetImport.map((set) => (isOnnxOwn(set) ? changed(set, { version: 20 }) : set));
  const graph = replaceNodes(model.graph, () => (node) => [withoutRoundMode(node)], new Set());
  return changed(model, { opsetImport, graph });
}

/** Of Cast since set 24, where ONNX Runtime writes it everywhere; it says something of float8e8m0 alone. */
function withoutRoundMode(node: OnnxNode): OnnxNode {
  if (node.domain !== '' || !castOperators.includes(node.opType)) return node;
  return changed(node, { attribute: node.attribute.filter(({ name }) => name !== 'round_mode') });
}

const castOperators = ['Cast', 'CastLike'];

function needsLaterSet({ domain, opType, attribute }: OnnxNode): boolean {
  if (domain !== '') return false;
  const isLaterCast =
    opType === 'Cast' && attribute.some(({ name, i }) => name === 'to' && isLaterType(numberOf(i)));
  const isLater = sinceSet21.operators.includes(opType) || isLaterCast;
  return isLater || attribute.some(({ name }) => sinceSet21.attributes.includes(name));
}

function isLaterType(dataType: number): boolean {
  return sinceSet21.types.includes(elementTypeName(dataType));
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
