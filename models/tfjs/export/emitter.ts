import type { Tensor } from '../../../core/tensor.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';
import type { NodeParts } from '../../onnx/node.ts';
import type { FloatTensor, Layer, Value } from './value.ts';

type Attributes = NonNullable<NodeParts['attributes']>;

/** Writes the nodes of one layer; every name begins with the layer's. */
export interface Emitter {
  /** Appends a node, and gives the name of its output. */
  node(opType: string, inputs: readonly string[], attributes?: Attributes): string;
  /** A weight of the layer by the last part of its name; null where the layer has none of that name. */
  weight(name: string): FloatTensor | null;
  /** Stores a tensor once for the layer, however often it is called; `name` says what of it. */
  store(name: string, tensor: Tensor): string;
  /** int64 numbers that a node takes as an input. */
  integers(name: string, values: readonly number[]): string;
  /** The name of a value in TF.js's order of axes, turned where it has to be. */
  plain(value: Value): string;
  /** The name of a value with channels behind the batch, turned where it has to be. */
  channelsFirst(value: Value): string;
}

/** What the emitters of a graph share. */
export interface EmitterState {
  graph: GraphBuilder;
  /** Names of nodes and initializers that are taken. */
  names: Set<string>;
  /** What is stored of each layer, by its name in the layer. */
  stored: Map<Layer, Map<string, string>>;
}

/** Writes nodes of a layer that is called `scope`. */
export function createEmitter(state: EmitterState, layer: Layer, scope: string): Emitter {
  const { graph } = state;
  const node: Emitter['node'] = (opType, inputs, attributes = {}) =>
    graph.node(opType, inputs, { name: unused(`${scope}/${opType}`, state.names), attributes });
  const store: Emitter['store'] = (name, tensor) => {
    const known = state.stored.get(layer) ?? new Map<string, string>();
    state.stored.set(layer, known);
    const stored = known.get(name) ?? graph.initializer(unused(`${scope}/${name}`, state.names), tensor);
    known.set(name, stored);
    return stored;
  };
  return {
    node,
    store,
    weight: (name) => weightOf(layer, name),
    integers: (name, values) =>
      store(name, { type: 'int64', shape: [values.length], data: BigInt64Array.from(values, BigInt) }),
    plain: (value) => (value.plain ??= turn(value.channelsFirst, firstToLast(value), node)),
    channelsFirst: (value) => (value.channelsFirst ??= turn(value.plain, lastToFirst(value), node)),
  };
}

function unused(name: string, names: Set<string>): string {
  for (let count = 0; ; count++) {
    const candidate = count === 0 ? name : `${name}_${count}`;
    if (names.has(candidate)) continue;
    names.add(candidate);
    return candidate;
  }
}

function weightOf(layer: Layer, name: string): FloatTensor | null {
  const found = layer.weights.find(({ originalName }) => originalName.split('/').at(-1) === name);
  if (found === undefined) return null;
  const tensor = found.read();
  return { type: 'float32', shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) };
}

function turn(name: string | null, perm: readonly number[], node: Emitter['node']): string {
  if (name === null) throw new Error('internal: a value without a name');
  return node('Transpose', [name], { perm: { ints: perm } });
}

function firstToLast({ shape: { length } }: Value): number[] {
  return [0, ...places(length).map((axis) => axis + 1), 1];
}

function lastToFirst({ shape: { length } }: Value): number[] {
  return [0, length - 1, ...places(length)];
}

function places(rank: number): number[] {
  return Array.from({ length: rank - 2 }, (_, index) => index + 1);
}
