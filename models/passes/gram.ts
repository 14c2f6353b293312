import { AssayError } from '../../core/errors.ts';
import { freshNames, type FreshName } from '../onnx/graph.ts';
import { changed, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxTensor } from '../onnx/model.ts';
import { createNode } from '../onnx/node.ts';
import { createTensor } from '../onnx/tensor.ts';
import type { Calibration } from './calibration.ts';
import type { SquareMatrix } from './cholesky.ts';
import { startPool } from './row-pool.ts';

/** A value of a graph, seen as a matrix with a row for each position and a column for each place on its last axis. */
export interface Features {
  name: string;
  /** Places on the last axis. */
  width: number;
  /** Whether each sample has very many positions, as the patches of a convolution: the graph itself multiplies them, and they are gone. */
  isLong?: boolean;
}

/** X^T * X of each value over all calibration batches, by name. */
export async function gramMatrices(
  model: OnnxModel,
  values: readonly Features[],
  calibration: Calibration,
): Promise<ReadonlyMap<string, SquareMatrix>> {
  const distinct = [...new Map(values.map((value) => [value.name, value])).values()];
  const pairs = distinct.map((value) => ({ left: value, right: value }));
  const products = await crossProducts(model, pairs, calibration);
  return new Map(distinct.map(({ name, width }, index) => [name, { size: width, data: products[index]! }]));
}

/** Values of Gram matrices held at once: 256 MB of them. */
const maxGramValues = 2 ** 25;

/** Items in runs whose Gram matrices, of the given widths, are held at once. */
export function gramChunks<Item>(items: readonly Item[], widthOf: (item: Item) => number): Item[][] {
  const chunks: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const values = widthOf(item) ** 2;
    if (values > room || chunks.length === 0) {
      chunks.push([]);
      room = maxGramValues;
    }
    room -= values;
    chunks.at(-1)?.push(item);
  }
  return chunks;
}

/** Two values of one graph with as many positions each. */
export interface FeaturePair {
  left: Features;
  right: Features;
}

/**
 * Left^T * right of each pair over all calibration batches, row-major [left width, right width]. ONNX Runtime multiplies, rows of
 * many batches at once where they are few, so memory grows with the tensors, not with the samples. Throws `dataset-invalid`
 * where there are no batches, or sums that are not finite.
 */
export async function crossProducts(
  model: OnnxModel,
  pairs: readonly FeaturePair[],
  calibration: Calibration,
): Promise<Float64Array[]> {
  const addition = startAddition(model.graph);
  const terms = pairs.map((pair) =>
    isLong(pair) ? madeInGraph(addition, pair) : pooledRows(addition, pair),
  );
  const names = [...new Set(terms.flatMap((term) => term.names))];
  const extended = changed(model, { graph: withAddition(model.graph, addition) });
  let batches = 0;
  for await (const batch of calibration.activations(extended, names)) {
    batches += 1;
    for (const term of terms) term.add(term.names.map((name) => batch[name]?.data as Float32Array));
  }
  for (const term of terms) term.finish();
  const sums = terms.map(({ sum }) => sum);
  assertUsable(sums, batches, calibration);
  return sums;
}

function assertUsable(sums: readonly Float64Array[], batches: number, { description }: Calibration): void {
  const isFinite = sums.every((sum) => sum.every(Number.isFinite));
  if (batches > 0 && isFinite) return;
  const what = batches === 0 ? 'hold no batch' : 'make the model compute values that are not finite';
  throw new AssayError('dataset-invalid', `The calibration data (${description}) ${what}.`);
}

/** A sum over batches, and the values of each that go into it. */
interface Term {
  names: readonly string[];
  sum: Float64Array;
  add: (values: readonly Float32Array[]) => void;
  finish: () => void;
}

function isLong({ left, right }: FeaturePair): boolean {
  return left.isLong === true || right.isLong === true;
}

function pooledRows(addition: Addition, { left, right }: FeaturePair): Term {
  const pool = startPool(left.width, right.width);
  return {
    names: [left, right].map(({ name }) => madeValue(addition, name)),
    sum: pool.sum,
    add: ([own, other]) => {
      if (own !== undefined && other !== undefined) pool.add(own, other);
    },
    finish: () => {
      pool.finish();
    },
  };
}

function madeInGraph(addition: Addition, { left, right }: FeaturePair): Term {
  const turned = append(addition, 'Transpose', [matrixOf(addition, left)]);
  const sum = new Float64Array(left.width * right.width);
  return {
    names: [append(addition, 'MatMul', [turned, matrixOf(addition, right)])],
    sum,
    add: ([product]) => {
      for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! + (product?.[at] ?? NaN);
    },
    finish: () => undefined,
  };
}

/** Nodes being added to a graph. */
interface Addition {
  fresh: FreshName;
  /** Inputs of the graph: to be read, each needs a node. */
  inputs: ReadonlySet<string>;
  nodes: OnnxNode[];
  tensors: OnnxTensor[];
  /** Name of each value as a matrix. */
  matrices: Map<string, string>;
}

function startAddition(graph: OnnxGraph): Addition {
  const inputs = new Set(graph.input.map(({ name }) => name));
  return { fresh: freshNames(graph), inputs, nodes: [], tensors: [], matrices: new Map() };
}

function madeValue(addition: Addition, name: string): string {
  return addition.inputs.has(name) ? append(addition, 'Identity', [name]) : name;
}

function withAddition(graph: OnnxGraph, { nodes, tensors }: Addition): OnnxGraph {
  return changed(graph, {
    node: [...graph.node, ...nodes],
    initializer: [...graph.initializer, ...tensors],
  });
}

function append(addition: Addition, opType: string, inputs: readonly string[]): string {
  const output = addition.fresh(`products/${opType}`);
  addition.nodes.push(createNode({ opType, inputs, outputs: [output], name: output }));
  return output;
}

function matrixOf(addition: Addition, { name, width }: Features): string {
  const known = addition.matrices.get(name);
  if (known !== undefined) return known;
  const shape = addition.fresh('products/shape');
  const data = BigInt64Array.of(-1n, BigInt(width));
  addition.tensors.push(createTensor(shape, { type: 'int64', shape: [2], data }));
  const matrix = append(addition, 'Reshape', [name, shape]);
  addition.matrices.set(name, matrix);
  return matrix;
}
