import { AssayError } from '../../core/errors.ts';
import { freshNames, type FreshName } from '../onnx/graph.ts';
import { changed, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxTensor } from '../onnx/model.ts';
import { createNode } from '../onnx/node.ts';
import { createTensor } from '../onnx/tensor.ts';
import type { Calibration } from './calibration.ts';
import type { SquareMatrix } from './cholesky.ts';

/** A value of a graph, seen as a matrix with a row for each position and a column for each place on its last axis. */
export interface Features {
  name: string;
  /** Places on the last axis. */
  width: number;
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
 * Left^T * right of each pair over all calibration batches, row-major [left width, right width]. ONNX Runtime multiplies and only
 * products leave it, so memory grows with the tensors, not with the samples. Throws `dataset-invalid` where there are no batches, or
 * sums that are not finite.
 */
export async function crossProducts(
  model: OnnxModel,
  pairs: readonly FeaturePair[],
  calibration: Calibration,
): Promise<Float64Array[]> {
  const { graph, products } = withProducts(model.graph, pairs);
  const sums = pairs.map(({ left, right }) => new Float64Array(left.width * right.width));
  let batches = 0;
  for await (const batch of calibration.activations(changed(model, { graph }), products)) {
    batches += 1;
    products.forEach((name, index) => {
      addTo(sums[index]!, batch[name]?.data as Float32Array);
    });
  }
  assertUsable(sums, batches, calibration);
  return sums;
}

function assertUsable(sums: readonly Float64Array[], batches: number, { description }: Calibration): void {
  const isFinite = sums.every((sum) => sum.every(Number.isFinite));
  if (batches > 0 && isFinite) return;
  const what = batches === 0 ? 'hold no batch' : 'make the model compute values that are not finite';
  throw new AssayError('dataset-invalid', `The calibration data (${description}) ${what}.`);
}

function addTo(sum: Float64Array, values: Float32Array): void {
  for (let index = 0; index < sum.length; index++) sum[index] = sum[index]! + values[index]!;
}

/** Nodes being added to a graph. */
interface Addition {
  fresh: FreshName;
  nodes: OnnxNode[];
  tensors: OnnxTensor[];
  /** Name of each value as a matrix. */
  matrices: Map<string, string>;
}

function withProducts(
  graph: OnnxGraph,
  pairs: readonly FeaturePair[],
): { graph: OnnxGraph; products: string[] } {
  const addition: Addition = { fresh: freshNames(graph), nodes: [], tensors: [], matrices: new Map() };
  const products = pairs.map(({ left, right }) => {
    const turned = append(addition, 'Transpose', [matrixOf(addition, left)]);
    return append(addition, 'MatMul', [turned, matrixOf(addition, right)]);
  });
  const node = [...graph.node, ...addition.nodes];
  return {
    graph: changed(graph, { node, initializer: [...graph.initializer, ...addition.tensors] }),
    products,
  };
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
