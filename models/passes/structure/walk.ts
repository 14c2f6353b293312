import { elementTypeName, elementTypeNumbers } from '../../onnx/element-type.ts';
import { subgraphsOf } from '../../onnx/graph.ts';
import type { InferredValue } from '../../onnx/infer.ts';
import { numberOf, type OnnxGraph, type OnnxNode, type OnnxTensor } from '../../onnx/model.ts';
import { readTensor, shapeOf } from '../../onnx/tensor.ts';
import type { Trait, Units } from './units.ts';

/** The unit of each place of each axis of a value; null for an axis whose places cannot be removed. */
export type AxisUnits = readonly (Int32Array | null)[];

/** An axis of a stored tensor whose places belong to units. */
export interface Cut {
  tensor: OnnxTensor;
  axis: number;
  units: Int32Array;
  /** Whether the weights make the units, read them, or go along with each (bias, normalisation, depthwise kernels). */
  role: 'makes' | 'reads' | 'follows';
}

/** A place in a node that states a size. */
export type Resize =
  | { kind: 'size'; node: OnnxNode; input: number; at: number; units: Int32Array }
  | { kind: 'split'; node: OnnxNode; parts: Int32Array[] }
  | { kind: 'group'; node: OnnxNode; attribute: string; units: Int32Array }
  | Taken;

/** A node that takes `units` out of an axis: the neighbours after some others, its entry `at`, or those at listed places of all. */
export type Taken = { node: OnnxNode; units: Int32Array } & (
  | { kind: 'slice'; at: number; before: Int32Array }
  | { kind: 'gather'; places: readonly number[]; all: Int32Array }
);

/** A product with stored weights that reads units on its input. */
export interface Reader {
  node: OnnxNode;
  weight: OnnxTensor;
  /** Of the places on the weight's input axis. */
  units: Int32Array;
}

/** What a walk through a graph has found so far. */
export interface Walk {
  /** The version of the ONNX operators. */
  opset: number;
  units: Units;
  constants: ReadonlyMap<string, OnnxTensor>;
  values: ReadonlyMap<string, InferredValue>;
  uses: ReadonlyMap<string, number>;
  makers: ReadonlyMap<string, OnnxNode>;
  readersOf: ReadonlyMap<string, readonly OnnxNode[]>;
  labels: Map<string, AxisUnits>;
  /** Values that are the sizes of another one, and do nothing but tell Reshapes of them. */
  shapesOf: Map<string, string>;
  /** Values whose second axis has groups for the channels that another one had before. */
  grouped: Map<string, { source: string; channels: Int32Array }>;
  cuts: Cut[];
  resizes: Resize[];
  readers: Reader[];
  /** Operators at which units were pinned. */
  stops: string[];
  /** Why each stored tensor that cannot be cut stays, by its name. */
  uncut: Map<string, string>;
}

/** Sizes of a value's axes, null where they depend on the inputs; undefined where nothing is known. */
export function sizesOf(walk: Walk, name: string): readonly (number | null)[] | undefined {
  const constant = walk.constants.get(name);
  return constant === undefined ? walk.values.get(name)?.shape : shapeOf(constant);
}

/** The units of a value, null for every axis where it has none. */
export function labelsOf(walk: Walk, name: string): AxisUnits {
  return walk.labels.get(name) ?? (sizesOf(walk, name) ?? []).map(() => null);
}

/** The node that alone reads a value, once. */
export function soleReader({ uses, readersOf }: Walk, name: string): OnnxNode | null {
  return uses.get(name) === 1 ? (readersOf.get(name)?.[0] ?? null) : null;
}

export function hasUnits(labels: AxisUnits): boolean {
  return labels.some((axis) => axis !== null);
}

/** Keeps the units of an axis from removal. */
export function pin(walk: Walk, axis: Int32Array | null | undefined): void {
  if (axis !== null && axis !== undefined) walk.units.mark(axis, 'pinned');
}

export function pinAll(walk: Walk, labels: AxisUnits): void {
  for (const axis of labels) pin(walk, axis);
}

/** Makes two axes stand and fall together, place by place; pins them where they differ in length. */
export function joinAxes(walk: Walk, first: Int32Array, second: Int32Array): void {
  if (first.length === second.length) {
    for (let place = 0; place < first.length; place++) walk.units.join(first[place]!, second[place]!);
    return;
  }
  pin(walk, first);
  pin(walk, second);
}

/** Notes that an axis of a stored tensor goes with units; pins them where it cannot be cut. */
export function cutTensor(walk: Walk, name: string, cut: Omit<Cut, 'tensor'>): void {
  const tensor = walk.constants.get(name);
  const obstacle = tensor === undefined ? null : cutObstacle(walk, tensor);
  if (obstacle !== null) walk.uncut.set(name, obstacle);
  const fits = tensor !== undefined && shapeOf(tensor)[cut.axis] === cut.units.length;
  if (fits && obstacle === null) walk.cuts.push({ ...cut, tensor });
  else pin(walk, cut.units);
}

/** Why no place of a stored tensor can go; null where any can. */
function cutObstacle({ uses }: Walk, { name, dataType }: OnnxTensor): string | null {
  if (dataType !== elementTypeNumbers.float32) return `stored as ${elementTypeName(dataType)}, not float32`;
  return (uses.get(name) ?? 0) === 1 ? null : 'read more than once';
}

/** The roots of the units a stored weight makes; null where its outputs cannot be removed. */
export function outputUnitsOf({ cuts, units }: Walk, weight: string): Int32Array | null {
  const made = cuts.find(({ role, tensor }) => role === 'makes' && tensor.name === weight);
  return made?.units.map((unit) => units.rootOf(unit)) ?? null;
}

export function markAll(walk: Walk, units: Int32Array | null, trait: Trait): void {
  if (units !== null) walk.units.mark(units, trait);
}

/** An integer attribute of a node. */
export function intOf(node: OnnxNode, name: string, otherwise: number): number {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found === undefined ? otherwise : numberOf(found.i);
}

/** A list of integers: an attribute, or the input that took its place in later operator sets; null where it is computed or left out. */
export function intsOf(
  walk: Pick<Walk, 'constants'>,
  node: OnnxNode,
  place: { attribute: string; input: number },
): number[] | null {
  const found = node.attribute.find((attribute) => attribute.name === place.attribute);
  if (found !== undefined) return found.ints.map(numberOf);
  return storedInts(walk, node.input[place.input] ?? '');
}

/** Integers of a stored tensor, of either type that places and sizes may have; null where they are computed. */
export function storedInts({ constants }: Pick<Walk, 'constants'>, name: string): number[] | null {
  const constant = constants.get(name);
  const isInteger =
    constant?.dataType === elementTypeNumbers.int64 || constant?.dataType === elementTypeNumbers.int32;
  return isInteger ? Array.from(readTensor(constant).data as BigInt64Array | Int32Array, Number) : null;
}

/** Counts an axis from the start. */
export function axisFromStart(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Values that subgraphs of a node take from outside, or may: every name read inside. */
export function namesReadInside(node: OnnxNode): string[] {
  const read = (graph: OnnxGraph): string[] => [
    ...graph.output.map(({ name }) => name),
    ...graph.node.flatMap((inner) => [...inner.input, ...subgraphsOf(inner).flatMap(read)]),
  ];
  return subgraphsOf(node).flatMap(read);
}
