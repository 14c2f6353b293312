import { elementCount } from '../../core/tensor.ts';
import { elementTypeNumbers } from '../onnx/element-type.ts';
import { nodesOf, readersOf } from '../onnx/graph.ts';
import type { InferredValue } from '../onnx/infer.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/model.ts';
import { shapeOf } from '../onnx/tensor.ts';
import type { ActivationType } from './affine.ts';
import { productsOf } from './constant-products.ts';
import { leftOutObstacle } from './left-out.ts';
import { floatsOf } from './weights.ts';

/** A Conv, Gemm or MatMul that can multiply integers: its weight, and its bias where it has one, are constant. */
export interface StaticProduct {
  node: OnnxNode;
  weight: OnnxTensor;
  /** The weight's axis of output channels; null where one scale must do for all. */
  axis: number | null;
  bias: OnnxTensor | null;
}

/** Nodes that become integer ones. */
export interface StaticNodes {
  products: readonly StaticProduct[];
  /** Nodes between them that pass integers on. */
  links: ReadonlySet<OnnxNode>;
  /** What keeps the other products in float, in words. */
  obstacles: readonly string[];
  /** The node whose integers a value would be; after a Relu or Clip, the node before it. */
  makerOf: ReadonlyMap<string, OnnxNode>;
}

/** Operators whose output has the range of its first input. */
const rangeKeepers = ['AveragePool', 'Flatten', 'MaxPool', 'Reshape', 'Squeeze', 'Transpose', 'Unsqueeze'];
/** Operators with a range of their own, and how many of their inputs are data. */
const mixers = ['Add', 'Concat', 'Mul'];
const mappers = ['GlobalAveragePool', 'LeakyRelu', 'Sigmoid'];
const links = [...rangeKeepers, ...mixers, ...mappers];
/** Operators that only cut a range: integers saturate there anyway. */
const clamps = ['Clip', 'Relu'];

export const staticOperators = ['Conv', 'Gemm', 'MatMul', ...links, ...clamps];

export function keepsRange({ opType }: OnnxNode): boolean {
  return rangeKeepers.includes(opType);
}

/** Names of a link's inputs that are data, constants included. */
export function dataInputs({ opType, input }: OnnxNode): string[] {
  return mixers.includes(opType) ? input : input.slice(0, 1);
}

/** What is asked of the nodes. */
interface StaticChoice {
  type: ActivationType;
  /** Nodes that stay in float. */
  leftOut: ReadonlySet<OnnxNode>;
}

/**
 * Finds the products that can take integers, and the links between them: a link is taken only where all of its data come
 * from integer nodes and an integer node reads its result, so that no value changes its form without need.
 */
export function staticNodes(
  graph: OnnxGraph,
  values: ReadonlyMap<string, InferredValue>,
  choice: StaticChoice,
): StaticNodes {
  const { products, obstacles } = staticProducts(graph, choice);
  const candidates = nodesOf(graph, links).filter(
    (node) => !choice.leftOut.has(node) && node.output.every((name) => values.get(name)?.type === 'float32'),
  );
  const taken = new Set([...products.map(({ node }) => node), ...candidates]);
  const surroundings = surroundingsOf(graph);
  for (let size = -1; size !== taken.size;) {
    size = taken.size;
    const makers = integerMakersOf(graph, taken, surroundings);
    for (const node of candidates)
      if (!isBetween(node, { taken, makers, ...surroundings })) taken.delete(node);
  }
  const makerOf = integerMakersOf(graph, taken, surroundings);
  return { products, obstacles, makerOf, links: new Set(candidates.filter((node) => taken.has(node))) };
}

interface Surroundings {
  readers: ReadonlyMap<string, readonly OnnxNode[]>;
  constants: ReadonlyMap<string, OnnxTensor>;
  outputs: ReadonlySet<string>;
}

function surroundingsOf(graph: OnnxGraph): Surroundings {
  return {
    readers: readersOf(graph.node),
    constants: new Map(graph.initializer.map((tensor) => [tensor.name, tensor])),
    outputs: new Set(graph.output.map(({ name }) => name)),
  };
}

/** A value a Relu or Clip alone reads has no integers of its own: those of what it is cut to come from the same node. */
function integerMakersOf(
  graph: OnnxGraph,
  taken: ReadonlySet<OnnxNode>,
  { readers, outputs }: Surroundings,
): Map<string, OnnxNode> {
  const makers = new Map<string, OnnxNode>();
  for (const node of graph.node) {
    if (!taken.has(node)) continue;
    const [made = ''] = node.output;
    const [reader, ...others] = readers.get(made) ?? [];
    const isCut =
      reader?.domain === '' && clamps.includes(reader.opType) && others.length === 0 && !outputs.has(made);
    makers.set(isCut && !keepsRange(node) ? (reader.output[0] ?? '') : made, node);
  }
  return makers;
}

interface Neighbourhood extends Surroundings {
  taken: ReadonlySet<OnnxNode>;
  makers: ReadonlyMap<string, OnnxNode>;
}

function isBetween(node: OnnxNode, { taken, makers, readers, constants }: Neighbourhood): boolean {
  const data = dataInputs(node);
  const isFed = data.every((name) => makers.has(name) || isUsable(constants.get(name), node));
  const result = [...makers].find(([, maker]) => maker === node)?.[0] ?? '';
  const isRead = (readers.get(result) ?? []).some(
    (reader) => taken.has(reader) && readsAsData(reader, result),
  );
  return isFed && data.some((name) => makers.has(name)) && isRead;
}

function readsAsData(reader: OnnxNode, name: string): boolean {
  return links.includes(reader.opType) ? dataInputs(reader).includes(name) : reader.input[0] === name;
}

/** A constant beyond this is a mask rather than data: its range would leave one integer for all the rest. */
const largestConstant = 1e4;

/** A factor below this share of the largest would be rounded by more than a thirtieth. */
const leastFactor = 1 / 16;

function isUsable(tensor: OnnxTensor | undefined, { opType }: OnnxNode): boolean {
  if (tensor?.dataType !== elementTypeNumbers.float32 || elementCount(shapeOf(tensor)) === 0) return false;
  const magnitudes = floatsOf(tensor).map(Math.abs);
  const largest = magnitudes.reduce((a, b) => Math.max(a, b), 0);
  const least = opType === 'Mul' ? largest * leastFactor : 0;
  return largest < largestConstant && magnitudes.every((value) => value === 0 || value >= least);
}

function staticProducts(
  graph: OnnxGraph,
  { type, leftOut }: StaticChoice,
): Pick<StaticNodes, 'products' | 'obstacles'> {
  const initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const found = productsOf({ graph, constants: initializers }, leftOut);
  const matrices = found.products.map(({ node, weight, isTransposed, bias }): StaticProduct | string => {
    if (node.opType === 'MatMul' && type === 'int8') return 'whose kernel takes uint8 activations only';
    const axis = weight.dims.length > 2 ? null : isTransposed ? 0 : 1;
    return withBias({ node, weight, axis }, bias, initializers);
  });
  const convolutions = nodesOf(graph, ['Conv']).map((node) =>
    leftOut.has(node) ? leftOutObstacle : convolutionOf(node, initializers),
  );
  const all = [...matrices, ...convolutions];
  return {
    products: all.filter((product) => typeof product !== 'string'),
    obstacles: [...found.obstacles, ...all.filter((product) => typeof product === 'string')],
  };
}

function convolutionOf(
  node: OnnxNode,
  initializers: ReadonlyMap<string, OnnxTensor>,
): StaticProduct | string {
  const weight = initializers.get(node.input[1] ?? '');
  if (weight?.dataType !== elementTypeNumbers.float32) return 'whose weight is not constant float32';
  return withBias({ node, weight, axis: 0 }, node.input[2] ?? '', initializers);
}

function withBias(
  product: Omit<StaticProduct, 'bias'>,
  name: string | null,
  initializers: ReadonlyMap<string, OnnxTensor>,
): StaticProduct | string {
  if (name === null || name === '') return { ...product, bias: null };
  const bias = initializers.get(name);
  if (bias?.dataType !== elementTypeNumbers.float32) return 'whose bias is computed';
  const channels = shapeOf(product.weight)[product.axis ?? -1];
  const shape = shapeOf(bias);
  // As many values in a column are one a row.
  const isByChannel = elementCount(shape) === channels && (shape.at(-1) ?? 1) === channels;
  return isByChannel ? { ...product, bias } : 'whose bias is not one a channel';
}
