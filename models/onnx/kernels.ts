import { availableParallelism } from 'node:os';
import type { Tensor, Tensors } from '../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from './builder.ts';
import { fromOrtValues, toOrtValues } from './ort-values.ts';
import { loadSessionNow, type OrtSession, type SessionOptions } from './session.ts';
import { encodeModel } from './write.ts';

// Arithmetic on all values of a large tensor: V8 has no vector instructions, and its loops take three to five times as long.

/** Where the values of a channel lie in a row-major tensor: value i belongs to channel `floor(i / inner) % channels`. */
export interface ChannelLayout {
  channels: number;
  inner: number;
}

/** The sum of magnitudes in float32: not finite where a value is not, or where the sum passes the largest float32. */
export function sumOfMagnitudes(data: Float32Array): number {
  return Number(magnitudes({ x: { type: 'float32', shape: [data.length], data } }).sum?.data[0]);
}

/** The largest of magnitudes; null where their sum is not finite, as where a value is not: maxima may pass over a NaN. */
export function largestMagnitude(data: Float32Array): number | null {
  const found = extremes({ x: { type: 'float32', shape: [data.length], data } });
  if (!Number.isFinite(found.sum?.data[0])) return null;
  return Math.max(Number(found.high?.data[0]), -Number(found.low?.data[0]));
}

/**
 * Values divided by the scale of their channel, rounded to float32 and then half to even, as `onnxruntime.quantization` 1.30 does;
 * what passes an int8 becomes the nearest. The values of a channel whose scale is not finite mean nothing.
 */
export function quantizeToInt8(data: Float32Array, scales: Float32Array, layout: ChannelLayout): Int8Array {
  const { channels, inner } = layout;
  if (channels === 1) return quantizeAlike(data, scales);
  // Kernels take many times as long along an axis of size 1.
  const ofChannels = inner === 1 ? [channels] : [channels, inner];
  const { y } = quantize({
    x: { type: 'float32', shape: [data.length / channels / inner, ...ofChannels], data },
    scales: { type: 'float32', shape: inner === 1 ? [channels] : [channels, 1], data: scales },
  });
  return y?.data as Int8Array;
}

function quantizeAlike(data: Float32Array, scales: Float32Array): Int8Array {
  const x = { type: 'float32', shape: [data.length], data } as const;
  return quantizeByOne({ x, scale: { type: 'float32', shape: [], data: scales } }).y?.data as Int8Array;
}

const magnitudes = kernel((graph) => {
  reduce(graph, { sum: 'ReduceL1' });
});

const extremes = kernel((graph) => {
  reduce(graph, { low: 'ReduceMin', high: 'ReduceMax', sum: 'ReduceL1' });
});

function reduce(graph: GraphBuilder, operators: Readonly<Record<string, string>>): void {
  const x = graph.input('x', { type: 'float32', shape: ['n'] });
  for (const [name, operator] of Object.entries(operators)) {
    graph.node(operator, [x], { outputs: [name], attributes: { keepdims: { int: 0 } } });
    graph.output(name, { type: 'float32', shape: [] });
  }
}

const quantizeByOne = kernel((graph) => {
  const inputs = ['x', 'scale'].map((name) => graph.input(name, { type: 'float32' }));
  const zero = graph.initializer('zero', { type: 'int8', shape: [], data: Int8Array.of(0) });
  graph.node('QuantizeLinear', [...inputs, zero], { outputs: ['y'] });
  graph.output('y', { type: 'int8' });
});

/** Divides first: QuantizeLinear with a scale for each column takes ten times as long. */
const quantize = kernel((graph) => {
  const inputs = ['x', 'scales'].map((name) => graph.input(name, { type: 'float32' }));
  const one = graph.initializer('one', { type: 'float32', shape: [], data: Float32Array.of(1) });
  const zero = graph.initializer('zero', { type: 'int8', shape: [], data: Int8Array.of(0) });
  graph.node('QuantizeLinear', [graph.node('Div', inputs), one, zero], { outputs: ['y'] });
  graph.output('y', { type: 'int8' });
});

/** Whether the right operand of a product of matrices is given as its transpose, row-major too. */
export type RightOperand = 'as-it-is' | 'transposed';

/** A matrix, row-major. */
export interface Matrix {
  rows: number;
  columns: number;
  data: Float64Array;
}

/** The product of two matrices in float64. */
export function multiplyMatrices(left: Matrix, right: Matrix, operand: RightOperand): Float64Array {
  const feeds = { left: asTensor(left), right: asTensor(right) };
  return products[operand](feeds).product?.data as Float64Array;
}

function asTensor({ rows, columns, data }: Matrix): Tensor {
  return { type: 'float64', shape: [rows, columns], data };
}

/** On all cores: they share rows or columns of a product out, and each number comes out as on one. Between calls none of them waits busily. */
const onAllCores = {
  intraOpNumThreads: availableParallelism(),
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

const products = {
  'as-it-is': kernel((graph) => {
    multiply(graph, 0);
  }, onAllCores),
  transposed: kernel((graph) => {
    multiply(graph, 1);
  }, onAllCores),
};

function multiply(graph: GraphBuilder, transB: 0 | 1): void {
  const inputs = ['left', 'right'].map((name) => graph.input(name, { type: 'float64' }));
  graph.node('Gemm', inputs, { outputs: ['product'], attributes: { transB: { int: transB } } });
  graph.output('product', { type: 'float64' });
}

/** Rows of a matrix in float32, row-major. */
export interface FloatRows {
  rows: number;
  columns: number;
  data: Float32Array;
}

/** The transpose of the left matrix times the right one, of as many rows, in float32: row-major [left columns, right columns]. */
export function multiplyRows(left: FloatRows, right: FloatRows): Float32Array {
  const feeds = { left: rowsTensor(left), right: rowsTensor(right) };
  return rowProducts(feeds).product?.data as Float32Array;
}

function rowsTensor({ rows, columns, data }: FloatRows): Tensor {
  return { type: 'float32', shape: [rows, columns], data };
}

const rowProducts = kernel((graph) => {
  const inputs = ['left', 'right'].map((name) => graph.input(name, { type: 'float32' }));
  graph.node('Gemm', inputs, { outputs: ['product'], attributes: { transA: { int: 1 } } });
  graph.output('product', { type: 'float32' });
}, onAllCores);

/** Opened at the first call and kept: a pass asks for each weight. */
function kernel(
  build: (graph: GraphBuilder) => void,
  options: SessionOptions = { intraOpNumThreads: 1 },
): (feeds: Tensors) => Tensors {
  let session: OrtSession | null = null;
  return (feeds) => {
    session ??= open(build, options);
    return fromOrtValues(session.run(toOrtValues(session.inputs, feeds)));
  };
}

function open(build: (graph: GraphBuilder) => void, options: SessionOptions): OrtSession {
  const graph = buildGraph('kernel');
  build(graph);
  const model = encodeModel(graph.model());
  // Without an arena, which would keep room for the largest tensor ever seen.
  return loadSessionNow(model, { interOpNumThreads: 1, enableCpuMemArena: false, ...options });
}
