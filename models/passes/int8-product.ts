import { elementCount } from '../../core/tensor.ts';
import { elementTypeNumbers } from '../onnx/element-type.ts';
import { freshNames, type FreshName } from '../onnx/graph.ts';
import { quantizeToInt8, type ChannelLayout } from '../onnx/kernels.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/model.ts';
import { createNode, type NodeParts } from '../onnx/node.ts';
import { createTensor, shapeOf } from '../onnx/tensor.ts';
import { weightKey, type ConstantProduct } from './constant-products.ts';
import { assertFiniteScales, int8Scales, type Int8Limit } from './int8.ts';
import { madeTensor, scratchFor } from './made-tensor.ts';
import { floatsWithin } from './weights.ts';

/** Names of the three values an int8 tensor is made of. */
interface QuantizedNames {
  values: string;
  scale: string;
  zeroPoint: string;
}

/** A model whose products are becoming integer ones: what was made so far. */
interface Int8Weights {
  settings: { granularity: 'per-channel' | 'per-tensor'; limit: Int8Limit };
  fresh: FreshName;
  /** For the outermost graph, where the graphs inside its nodes see them too. */
  tensors: OnnxTensor[];
  /** By the key of a weight. */
  weights: Map<symbol, QuantizedNames>;
  /** Room for the largest weights, used for one after the other. */
  scratch: Uint8Array;
}

/** One graph of it. */
interface Int8Rewrite extends Int8Weights {
  nodes: OnnxNode[];
  activations: Map<string, QuantizedNames>;
}

export function startInt8Weights(graph: OnnxGraph, settings: Int8Weights['settings']): Int8Weights {
  const scratch = scratchFor(graph);
  return { settings, fresh: freshNames(graph), tensors: [], weights: new Map(), scratch };
}

/** For the products of one graph: each call gives the nodes of one. */
export function startInt8Graph(weights: Int8Weights): (product: ConstantProduct) => OnnxNode[] {
  const activations = new Map<string, QuantizedNames>();
  return (product) => {
    const rewrite = { ...weights, activations, nodes: [] };
    appendInt8Product(rewrite, product);
    return rewrite.nodes;
  };
}

/**
 * Appends the integer form of a product: DynamicQuantizeLinear (shared by products of one input), MatMulInteger, Cast,
 * Mul by both scales, and Add where there is a bias. ONNX Runtime fuses it to DynamicQuantizeMatMul or MatMulIntegerToFloat.
 */
function appendInt8Product(rewrite: Int8Rewrite, product: ConstantProduct): void {
  const [output = ''] = product.node.output;
  const scaled = appendScaledProduct(rewrite, product, output);
  if (product.bias === null) {
    finish(rewrite, { ...scaled, output });
    return;
  }
  const unbiased = append(rewrite, { ...scaled, output: `${output}_unbiased` });
  finish(rewrite, { opType: 'Add', inputs: [unbiased, product.bias], output });
}

/** Appends the integer product and the scale of its result; returns the node that multiplies the two, still without an output. */
function appendScaledProduct(
  rewrite: Int8Rewrite,
  product: ConstantProduct,
  output: string,
): Omit<Step, 'output'> {
  const activation = quantizedActivation(rewrite, product.node.input[0] ?? '');
  const weight = quantizedWeight(rewrite, product);
  const integers = [activation.values, weight.values, activation.zeroPoint, weight.zeroPoint];
  const sums = append(rewrite, { opType: 'MatMulInteger', inputs: integers, output: `${output}_int32` });
  const attributes = { to: { int: elementTypeNumbers.float32 } };
  const floats = append(rewrite, { opType: 'Cast', inputs: [sums], output: `${output}_float`, attributes });
  const scales = [activation.scale, weight.scale];
  const scale = append(rewrite, { opType: 'Mul', inputs: scales, output: `${output}_scale` });
  return { opType: 'Mul', inputs: [floats, scale] };
}

type Step = Pick<NodeParts, 'opType' | 'inputs' | 'attributes'> & { output: string };

/** Appends a node whose output is new; returns the name it got. */
function append(rewrite: Int8Rewrite, step: Step): string {
  const output = rewrite.fresh(step.output);
  finish(rewrite, { ...step, output });
  return output;
}

/** Appends a node whose output is a value the graph already knows. */
function finish(rewrite: Int8Rewrite, { output, ...parts }: Step): void {
  const name = rewrite.fresh(`${output}_${parts.opType}`);
  rewrite.nodes.push(createNode({ ...parts, name, outputs: [output] }));
}

function quantizedActivation(rewrite: Int8Rewrite, input: string): QuantizedNames {
  const known = rewrite.activations.get(input);
  if (known !== undefined) return known;
  const names = quantizedNames(rewrite, input);
  const name = rewrite.fresh(`${input}_DynamicQuantizeLinear`);
  const outputs = [names.values, names.scale, names.zeroPoint];
  rewrite.nodes.push(createNode({ opType: 'DynamicQuantizeLinear', inputs: [input], outputs, name }));
  rewrite.activations.set(input, names);
  return names;
}

function quantizedWeight(rewrite: Int8Rewrite, product: ConstantProduct): QuantizedNames {
  const key = weightKey(product);
  const known = rewrite.weights.get(key);
  if (known !== undefined) return known;
  const names = quantizedNames(rewrite, product.weight.name);
  rewrite.tensors.push(...int8Tensors(names, product, rewrite));
  rewrite.weights.set(key, names);
  return names;
}

function quantizedNames({ fresh }: Int8Rewrite, name: string): QuantizedNames {
  return {
    values: fresh(`${name}_quantized`),
    scale: fresh(`${name}_scale`),
    zeroPoint: fresh(`${name}_zero_point`),
  };
}

/**
 * Weights of more than two axes get one scale: ONNX Runtime 1.30 refuses a zero point per column for them, and without
 * zero points its fused kernel applies the first scale to every column.
 */
function int8Tensors(
  names: QuantizedNames,
  { weight, isTransposed }: Pick<ConstantProduct, 'isTransposed' | 'weight'>,
  { settings, scratch }: Int8Weights,
): OnnxTensor[] {
  const shape = shapeOf(weight);
  const isPerChannel = settings.granularity === 'per-channel' && shape.length === 2;
  const layout = isPerChannel
    ? channelLayout(shape, isTransposed)
    : { channels: 1, inner: elementCount(shape) };
  let floats: Float32Array | null = floatsWithin(weight, scratch);
  const scales = int8Scales(floats, layout, settings.limit);
  assertFiniteScales(scales, weight);
  const values = (): Int8Array => {
    const found = quantizeToInt8(floats ?? floatsWithin(weight, scratch), scales, layout);
    return isTransposed ? transposed(found, shape) : found;
  };
  const scaleShape = isPerChannel ? [layout.channels] : [];
  const integers = {
    name: names.values,
    dataType: elementTypeNumbers.int8,
    shape: isTransposed ? shape.toReversed() : shape,
  };
  const tensors = [
    madeTensor({ ...integers, from: weight, values }),
    createTensor(names.scale, { type: 'float32', shape: scaleShape, data: scales }),
    createTensor(names.zeroPoint, { type: 'int8', shape: scaleShape, data: new Int8Array(scales.length) }),
  ];
  // Read anew where the integers are asked for later.
  floats = null;
  return tensors;
}

/** A channel is an output: a column of [inputs, outputs], a row of [outputs, inputs]. */
function channelLayout([first = 1, second = 1]: readonly number[], isTransposed: boolean): ChannelLayout {
  return isTransposed ? { channels: first, inner: second } : { channels: second, inner: 1 };
}

/** Columns read together: as many as share a line of the cache. */
const band = 64;

function transposed(values: Int8Array, [rows = 0, columns = 0]: readonly number[]): Int8Array {
  const turned = new Int8Array(values.length);
  for (let first = 0; first < columns; first += band) {
    const end = Math.min(columns, first + band);
    for (let row = 0; row < rows; row++) {
      for (let column = first; column < end; column++)
        turned[column * rows + row] = values[row * columns + column]!;
    }
  }
  return turned;
}
