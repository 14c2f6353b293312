import { elementTypeNumbers } from '../onnx/element-type.ts';
import { nodesOf, sortNodes, subgraphsOf } from '../onnx/graph.ts';
import {
  changed,
  type OnnxFunction,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from '../onnx/model.ts';
import { scopesOf, type Scope } from '../onnx/scopes.ts';
import { bitsOf, createTensor, readTensor } from '../onnx/tensor.ts';
import { scratchFor } from './made-tensor.ts';
import { assertFinite, assertNotNaN, floatsWithin, notANumber } from './weights.ts';

const products = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'];
/** Operators whose result has the numbers of their first input. */
const carriers = ['Cast', 'Flatten', 'Identity', 'Reshape', 'Squeeze', 'Transpose', 'Unsqueeze'];

/**
 * Throws `model-invalid` where a number stored in a graph, a graph inside a node or a function is NaN, or one that is a weight or bias of a
 * product is infinite. Other infinities pass: masks hold them.
 */
export function assertUsableNumbers({ graph, functions }: OnnxModel): void {
  const scratch = scratchFor(graph);
  const graphs = [graph, ...functions.map((one) => bodyOf(one))].map(withAllStored);
  const scopes = graphs.flatMap((one) => scopesOf(one));
  const weights = new Set(scopes.flatMap(readByProducts));
  for (const tensor of scopes.flatMap((scope) => scope.graph.initializer))
    assertUsable(tensor, weights.has(tensor) ? 'finite' : 'no NaN', scratch);
}

function bodyOf({ name, node }: OnnxFunction): OnnxGraph {
  return { name, node, initializer: [], sparseInitializer: [], input: [], output: [], valueInfo: [] };
}

/** The graph with all tensors that its nodes hold among its initializers, by the names of the values they become. */
function withAllStored(graph: OnnxGraph): OnnxGraph {
  const sparse = graph.sparseInitializer.flatMap(({ values }) => values ?? []);
  return changed(graph, {
    initializer: [...graph.initializer, ...sparse, ...graph.node.flatMap(tensorsOf)],
    node: graph.node.map((node) => withInnerGraphs(node)),
  });
}

function withInnerGraphs(node: OnnxNode): OnnxNode {
  if (subgraphsOf(node).length === 0) return node;
  const attribute = node.attribute.map((one) =>
    changed(one, { g: one.g === null ? null : withAllStored(one.g), graphs: one.graphs.map(withAllStored) }),
  );
  return changed(node, { attribute });
}

function tensorsOf({ opType, attribute, output: [name = ''] }: OnnxNode): OnnxTensor[] {
  const held = attribute.flatMap(({ t, tensors, sparseTensor, sparseTensors, f, floats }) => [
    ...[t, ...tensors, ...[sparseTensor, ...sparseTensors].map((sparse) => sparse?.values ?? null)],
    opType === 'Constant' ? oddFloats(floats.length === 0 ? [f] : floats) : null,
  ]);
  return held.filter((tensor) => tensor !== null).map((tensor) => changed(tensor, { name }));
}

/** Null where all are finite, as there is nothing to say against them. */
function oddFloats(floats: readonly number[]): OnnxTensor | null {
  if (floats.every(Number.isFinite)) return null;
  return createTensor('', { type: 'float32', shape: [floats.length], data: Float32Array.from(floats) });
}

/** Weights and biases, those stored outside of the graph included. */
function readByProducts({ graph, constants }: Scope): OnnxTensor[] {
  const carried = new Map(constants);
  for (const { input, output } of nodesOf(changed(graph, { node: sortNodes(graph.node) }), carriers)) {
    const tensor = carried.get(input[0] ?? '');
    if (tensor !== undefined) carried.set(output[0] ?? '', tensor);
  }
  const names = nodesOf(graph, products).flatMap(({ input }) => input.slice(1, 3));
  return names.flatMap((name) => carried.get(name) ?? []);
}

type Bar = 'finite' | 'no NaN';

/** Bits of the exponent of 16-bit floats, float16 and bfloat16, by the format's number of their type. */
const exponents: Readonly<Record<number, number>> = { 10: 0x7c00, 16: 0x7f80 };

function assertUsable(tensor: OnnxTensor, bar: Bar, scratch: Uint8Array): void {
  const { name, dataType } = tensor;
  const exponent = exponents[dataType];
  if (dataType === elementTypeNumbers.float32)
    (bar === 'finite' ? assertFinite : assertNotNaN)(name, floatsWithin(tensor, scratch));
  else if (dataType === elementTypeNumbers.float64)
    assertDoubles(name, readTensor(tensor).data as Float64Array, bar);
  else if (exponent !== undefined) assertHalves(name, { bits: bitsOf(tensor), exponent }, bar);
}

function assertDoubles(name: string, doubles: Float64Array, bar: Bar): void {
  const at = doubles.findIndex(
    (double) => Number.isNaN(double) || (bar === 'finite' && !Number.isFinite(double)),
  );
  if (at !== -1) throw notANumber(name, at, doubles[at]!);
}

/** NaN and infinities have all bits of the exponent, and NaN further ones below. */
function assertHalves(
  name: string,
  { bits, exponent }: { bits: Uint16Array; exponent: number },
  bar: Bar,
): void {
  const least = bar === 'finite' ? exponent : exponent + 1;
  const at = bits.findIndex((one) => (one & 0x7fff) >= least);
  if (at === -1) return;
  const isNaN = (bits[at]! & 0x7fff) > exponent;
  throw notANumber(name, at, isNaN ? NaN : bits[at]! >= 0x8000 ? -Infinity : Infinity);
}
