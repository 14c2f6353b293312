import { elementCount } from '../../../core/tensor.ts';
import { countUses } from '../../onnx/graph.ts';
import { changed, type OnnxGraph, type OnnxModel, type OnnxNode } from '../../onnx/model.ts';
import { createTensor, shapeOf } from '../../onnx/tensor.ts';
import { floatsOf } from '../weights.ts';
import type { Reader } from './walk.ts';
import { intOf } from './walk.ts';

/** Where a constant can be added to what a product puts out. */
export type Bias =
  | { kind: 'input'; name: string | null }
  /** Of the Add that alone reads the product. */
  | { kind: 'added'; name: string };

/** What a reader should put out. */
export interface Target {
  /** The value of the original model to come near: of the reader itself, or of the residual sum its output goes into. */
  name: string;
  /** The other operand of that sum, as it comes in the current model; what is missing there the reader makes up for. */
  besides: string | null;
}

/** A reader as a linear map: rows of features, one for each weight of an output, to outputs. */
export interface LinearReader {
  node: OnnxNode;
  /** Weights of one output; [outputs][features] where `isOutputFirst`, else [features][outputs]. */
  features: number;
  outputs: number;
  isOutputFirst: boolean;
  /** Features a place of the input axis has: the kernel size of a convolution, else 1. */
  perPlace: number;
  bias: Bias | null;
  target: Target;
  /** The root unit of each feature. */
  units: Int32Array;
  weightName: string;
}

/** The reader as a linear map; null for grouped convolutions and scaled products. */
export function linearReader(graph: OnnxGraph, { node, weight, units }: Reader): LinearReader | null {
  const shape = shapeOf(weight);
  const isConv = node.opType === 'Conv';
  if (isConv && intOf(node, 'group', 1) !== 1) return null;
  if (node.opType === 'Gemm' && !isPlain(node)) return null;
  const isOutputFirst = isConv || (node.opType === 'Gemm' && intOf(node, 'transB', 0) !== 0);
  const perPlace = elementCount(shape.slice(2));
  const [first = 0, second = 0] = shape;
  const bias = biasOf(graph, node, isOutputFirst ? first : second);
  return {
    node,
    bias,
    target: targetOf(graph, node, bias),
    isOutputFirst,
    perPlace,
    outputs: isOutputFirst ? first : second,
    features: (isOutputFirst ? second : first) * perPlace,
    units: Int32Array.from(
      { length: units.length * perPlace },
      (_, feature) => units[Math.floor(feature / perPlace)]!,
    ),
    weightName: weight.name,
  };
}

/** A sum with a stored operand is a bias, with a computed one a residual connection; a reader without a bias keeps to itself. */
function targetOf(graph: OnnxGraph, node: OnnxNode, bias: Bias | null): Target {
  const own = { name: node.output[0] ?? '', besides: null };
  if (bias === null) return own;
  const biased = bias.kind === 'added' ? soleSum(graph, own.name) : null;
  if (bias.kind === 'added' && biased === null) return own;
  const last = biased?.output[0] ?? own.name;
  const sum = soleSum(graph, last);
  const besides = sum?.input.find((name) => name !== last);
  const isComputed = graph.node.some(({ output }) => besides !== undefined && output.includes(besides));
  return sum !== null && besides !== undefined && isComputed ? { name: sum.output[0] ?? '', besides } : own;
}

/** The Add that alone reads a value. */
function soleSum(graph: OnnxGraph, value: string): OnnxNode | null {
  const readers = graph.node.filter(({ input }) => input.includes(value));
  const [only] = readers;
  const isOutput = graph.output.some(({ name }) => name === value);
  return readers.length === 1 && !isOutput && only?.opType === 'Add' && only.domain === '' ? only : null;
}

function isPlain(node: OnnxNode): boolean {
  const factors = node.attribute.filter(({ name }) => name === 'alpha' || name === 'beta');
  return factors.every(({ f }) => f === 1);
}

function biasOf(graph: OnnxGraph, node: OnnxNode, outputs: number): Bias | null {
  const uses = countUses(graph);
  const rows = new Set(
    graph.initializer
      .filter(
        (tensor) => uses.get(tensor.name) === 1 && tensor.dims.length === 1 && shapeOf(tensor)[0] === outputs,
      )
      .map(({ name }) => name),
  );
  if (node.opType !== 'MatMul') {
    const name = node.input[2] ?? '';
    return name === '' ? { kind: 'input', name: null } : rows.has(name) ? { kind: 'input', name } : null;
  }
  const [output = ''] = node.output;
  const add = graph.node.find(
    ({ opType, domain, input }) => opType === 'Add' && domain === '' && input.includes(output),
  );
  const added = add?.input.find((name) => rows.has(name));
  return uses.get(output) === 1 && added !== undefined ? { kind: 'added', name: added } : null;
}

/** The weights as float64 [features][outputs]. */
export function weightsOf(graph: OnnxGraph, reader: LinearReader): Float64Array {
  const { features, outputs, isOutputFirst } = reader;
  const stored = floatsOf(graph.initializer.find(({ name }) => name === reader.weightName)!);
  return Float64Array.from(stored, (value, index) =>
    isOutputFirst ? stored[(index % outputs) * features + Math.floor(index / outputs)]! : value,
  );
}

/** New values for a reader: weights [features][outputs], and what to add to each output where there is a bias. */
export interface Refit {
  reader: LinearReader;
  weights: Float64Array;
  constants: Float64Array | null;
}

/** The model with a reader's weights and bias replaced. */
export function withRefit(model: OnnxModel, { reader, weights, constants }: Refit): OnnxModel {
  const { features, outputs, isOutputFirst, bias, weightName } = reader;
  const data = new Float32Array(weights.length);
  for (let index = 0; index < data.length; index++) {
    const at = isOutputFirst ? (index % features) * outputs + Math.floor(index / features) : index;
    data[index] = weights[at]!;
  }
  const replaced = withValues(model.graph, weightName, data);
  if (constants === null || bias === null) return changed(model, { graph: replaced });
  return changed(model, { graph: withBias(replaced, { ...reader, bias }, constants) });
}

function withValues(graph: OnnxGraph, name: string, data: Float32Array): OnnxGraph {
  const initializer = graph.initializer.map((tensor) =>
    tensor.name === name ? createTensor(name, { type: 'float32', shape: shapeOf(tensor), data }) : tensor,
  );
  return changed(graph, { initializer });
}

/** What a MatMul puts out has no bias yet, so the constants come on top; what a Gemm, a Conv or a sum puts out has. */
function withBias(
  graph: OnnxGraph,
  { bias, node, outputs, target }: LinearReader & { bias: Bias },
  constants: Float64Array,
): OnnxGraph {
  if (bias.name !== null) {
    const old = floatsOf(graph.initializer.find(({ name }) => name === bias.name)!);
    const isOnTop = bias.kind === 'added' && target.besides === null;
    return withValues(
      graph,
      bias.name,
      Float32Array.from(constants, (value, at) => value + (isOnTop ? old[at]! : 0)),
    );
  }
  const name = `${node.output[0]}_refit_bias`;
  const tensor = createTensor(name, {
    type: 'float32',
    shape: [outputs],
    data: Float32Array.from(constants),
  });
  const withInput = changed(node, { input: [node.input[0] ?? '', node.input[1] ?? '', name] });
  return changed(graph, {
    initializer: [...graph.initializer, tensor],
    node: graph.node.map((one) => (one === node ? withInput : one)),
  });
}
