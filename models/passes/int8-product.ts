import { AssayError } from '../../core/errors.ts';
import { elementTypeNumbers } from '../onnx/element-type.ts';
import { freshNames, type FreshName } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/model.ts';
import { createNode, type NodeParts } from '../onnx/node.ts';
import { createTensor, shapeOf } from '../onnx/tensor.ts';
import type { ConstantProduct } from './constant-products.ts';
import { int8Scales, toInt8, type Int8Limit } from './int8.ts';
import { assertFiniteWeights, floatsWithin } from './weights.ts';

/** Names of the three values an int8 tensor is made of. */
interface QuantizedNames {
  values: string;
  scale: string;
  zeroPoint: string;
}

/** A graph whose products are becoming integer ones: what was made so far. */
export interface Int8Rewrite {
  settings: { granularity: 'per-channel' | 'per-tensor'; limit: Int8Limit };
  fresh: FreshName;
  nodes: OnnxNode[];
  tensors: OnnxTensor[];
  activations: Map<string, QuantizedNames>;
  weights: Map<string, QuantizedNames>;
  /** Room for the largest weights, used for one after the other. */
  scratch: Uint8Array;
}

export function startInt8Rewrite(graph: OnnxGraph, settings: Int8Rewrite['settings']): Int8Rewrite {
  return {
    settings,
    fresh: freshNames(graph),
    nodes: [],
    tensors: [],
    activations: new Map(),
    weights: new Map(),
    scratch: new Uint8Array(
      graph.initializer.reduce((size, { rawData }) => Math.max(size, rawData.length), 0),
    ),
  };
}

/**
 * Appends the integer form of a product: DynamicQuantizeLinear (shared by products of one input), MatMulInteger, Cast,
 * Mul by both scales, and Add where there is a bias. ONNX Runtime fuses it to DynamicQuantizeMatMul or MatMulIntegerToFloat.
 */
export function appendInt8Product(rewrite: Int8Rewrite, product: ConstantProduct): void {
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

function quantizedWeight(rewrite: Int8Rewrite, { weight, isTransposed }: ConstantProduct): QuantizedNames {
  const key = `${isTransposed ? 'transposed' : 'plain'} ${weight.name}`;
  const known = rewrite.weights.get(key);
  if (known !== undefined) return known;
  const names = quantizedNames(rewrite, weight.name);
  const data = floatsWithin(weight, rewrite.scratch);
  const floats = { stored: weight, shape: shapeOf(weight), data };
  rewrite.tensors.push(...int8Tensors(names, isTransposed ? transposed(floats) : floats, rewrite.settings));
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

interface FloatMatrix {
  stored: OnnxTensor;
  shape: number[];
  data: Float32Array;
}

/**
 * Weights of more than two axes get one scale: ONNX Runtime 1.30 refuses a zero point per column for them, and without
 * zero points its fused kernel applies the first scale to every column.
 */
function int8Tensors(
  names: QuantizedNames,
  matrix: FloatMatrix,
  settings: Int8Rewrite['settings'],
): OnnxTensor[] {
  const { shape, data } = matrix;
  const isPerChannel = settings.granularity === 'per-channel' && shape.length === 2;
  const layout = isPerChannel
    ? { channels: shape.at(-1) ?? 1, inner: 1 }
    : { channels: 1, inner: data.length };
  const scales = int8Scales(data, layout, settings.limit);
  assertFinite(scales, matrix.stored);
  const values = toInt8(data, scales, layout);
  const scaleShape = isPerChannel ? [layout.channels] : [];
  return [
    createTensor(names.values, { type: 'int8', shape, data: values }),
    createTensor(names.scale, { type: 'float32', shape: scaleShape, data: scales }),
    createTensor(names.zeroPoint, { type: 'int8', shape: scaleShape, data: new Int8Array(scales.length) }),
  ];
}

function assertFinite(scales: Float32Array, weight: OnnxTensor): void {
  if (scales.every(Number.isFinite)) return;
  assertFiniteWeights(weight);
  throw new AssayError(
    'model-invalid',
    `Weights "${weight.name}" pass 1.7e38 in magnitude; their int8 scale is not a float32.`,
  );
}

function transposed({ stored, shape: [rows = 0, columns = 0], data }: FloatMatrix): FloatMatrix {
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = data[row * columns + column]!;
    }
  }
  return { stored, shape: [columns, rows], data: turned };
}
