import { elementCount } from '../../../core/tensor.ts';
import { countUses } from '../../onnx/graph.ts';
import { changed, type OnnxGraph, type OnnxModel, type OnnxNode } from '../../onnx/model.ts';
import { createTensor, shapeOf } from '../../onnx/tensor.ts';
import { floatsOf } from '../weights.ts';
import type { Pruning } from './prune-structure.ts';
import { intOf, outputUnitsOf, type Reader } from './walk.ts';

/** Where a constant can be added to what a product puts out. */
export type Bias =
  | { kind: 'input'; name: string | null }
  /** Of the Add that alone reads the product: a vector, or one behind axes of size 1. */
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
  /** Outputs that are to stay. */
  live: Int32Array;
  bias: Bias | null;
  target: Target;
  /** The root unit of each feature. */
  units: Int32Array;
  weightName: string;
}

/** A reader of the original model as the linear map it is by now; null where it cannot be refitted. */
export function linearReader({ current, walk, gone }: Pruning, reader: Reader): LinearReader | null {
  const [output] = reader.node.output;
  const node = current.graph.node.find((one) => one.output[0] === output) ?? reader.node;
  const map = linearMap(current.graph, { ...reader, node });
  const outputUnits = outputUnitsOf(walk, reader.weight.name);
  if (map === null || hasOddBias(map)) return null;
  if (outputUnits === null) return map;
  return { ...map, live: map.live.filter((place) => !gone.has(outputUnits[place]!)) };
}

/** What a node puts out whose bias is no vector of its own has the bias in it, and a fit would add it again. */
export function hasOddBias({ node, bias }: LinearReader): boolean {
  return bias === null && node.opType !== 'MatMul';
}

/** A product with stored weights as a linear map; null for grouped and transposed convolutions and scaled products. */
export function linearMap(graph: OnnxGraph, { node, weight, units }: Reader): LinearReader | null {
  const shape = shapeOf(weight);
  const isConv = node.opType === 'Conv';
  if (node.opType === 'ConvTranspose' || (isConv && intOf(node, 'group', 1) !== 1)) return null;
  if (node.opType === 'Gemm' && !isPlain(node)) return null;
  const isOutputFirst = isConv || (node.opType === 'Gemm' && intOf(node, 'transB', 0) !== 0);
  const perPlace = elementCount(shape.slice(2));
  const [first = 0, second = 0] = shape;
  const outputs = isOutputFirst ? first : second;
  const bias = biasOf(graph, node, outputs);
  return {
    node,
    bias,
    target: targetOf(graph, node, bias),
    isOutputFirst,
    perPlace,
    outputs,
    live: Int32Array.from({ length: outputs }, (_, output) => output),
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
  const own = graph.initializer.filter(
    (tensor) => uses.get(tensor.name) === 1 && shapeOf(tensor).at(-1) === outputs,
  );
  if (node.opType !== 'MatMul') {
    const name = node.input[2] ?? '';
    const isVector = own.some((tensor) => tensor.name === name && tensor.dims.length === 1);
    return name === '' ? { kind: 'input', name: null } : isVector ? { kind: 'input', name } : null;
  }
  const rows = new Set(
    own.filter((tensor) => elementCount(shapeOf(tensor)) === outputs).map(({ name }) => name),
  );
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
  if (!isOutputFirst) return new Float64Array(stored);
  const weights = new Float64Array(stored.length);
  for (let output = 0; output < outputs; output++) {
    for (let feature = 0; feature < features; feature++)
      weights[feature * outputs + output] = stored[output * features + feature]!;
  }
  return weights;
}

/** New values for a reader. */
export interface Refit {
  reader: LinearReader;
  /** [features][live outputs], with a last row to add where the reader has a bias. */
  solved: Float64Array;
}

/** The model with a reader's weights and bias replaced, those of outputs that are to go aside. */
export function withRefit(model: OnnxModel, { reader, solved }: Refit): OnnxModel {
  const { features, outputs, live, isOutputFirst, bias, weightName } = reader;
  const stored = model.graph.initializer.find(({ name }) => name === weightName)!;
  const data = floatsOf(stored).slice();
  for (let feature = 0; feature < features; feature++) {
    for (let column = 0; column < live.length; column++) {
      const output = live[column]!;
      const at = isOutputFirst ? output * features + feature : feature * outputs + output;
      data[at] = solved[feature * live.length + column]!;
    }
  }
  const graph = withValues(model.graph, weightName, data);
  if (bias === null) return changed(model, { graph });
  const constants = solved.subarray(features * live.length);
  return changed(model, { graph: withBias(graph, { ...reader, bias }, constants) });
}

function withValues(graph: OnnxGraph, name: string, data: Float32Array): OnnxGraph {
  const initializer = graph.initializer.map((tensor) =>
    tensor.name === name ? createTensor(name, { type: 'float32', shape: shapeOf(tensor), data }) : tensor,
  );
  return changed(graph, { initializer });
}

/** The name of the bias a refit gives a node that has none. */
export function addedBias({ output }: OnnxNode): string {
  return `${output[0] ?? ''}_refit_bias`;
}

/** What a MatMul puts out has no bias yet, so the constants come on top; what a Gemm, a Conv or a sum puts out has. */
function withBias(
  graph: OnnxGraph,
  { bias, node, outputs, live, target }: LinearReader & { bias: Bias },
  constants: Float64Array,
): OnnxGraph {
  const known = graph.initializer.find(({ name }) => name === bias.name);
  const data = known === undefined ? new Float32Array(outputs) : floatsOf(known).slice();
  const isOnTop = bias.kind === 'added' && target.besides === null;
  for (let column = 0; column < live.length; column++) {
    const output = live[column]!;
    data[output] = constants[column]! + (isOnTop ? data[output]! : 0);
  }
  if (known !== undefined) return withValues(graph, known.name, data);
  const tensor = createTensor(addedBias(node), { type: 'float32', shape: [outputs], data });
  const withInput = changed(node, { input: [node.input[0] ?? '', node.input[1] ?? '', tensor.name] });
  return changed(graph, {
    initializer: [...graph.initializer, tensor],
    node: graph.node.map((one) => (one === node ? withInput : one)),
  });
}
