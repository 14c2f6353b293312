import type { Tensor } from '../../core/tensor.ts';
import { elementTypeNumbers } from '../onnx/element-type.ts';
import { freshNames, sortNodes, withoutUnused, type FreshName } from '../onnx/graph.ts';
import { changed, type OnnxGraph, type OnnxNode, type OnnxTensor } from '../onnx/model.ts';
import { createNode } from '../onnx/node.ts';
import { createTensor, shapeOf } from '../onnx/tensor.ts';
import { affineOf, integerOf, type Affine, type ActivationType } from './affine.ts';
import { isIdleClip } from './idle-clips.ts';
import { madeTensor } from './made-tensor.ts';
import { dataInputs, type StaticNodes, type StaticProduct } from './static-nodes.ts';
import { int32Bias, type StaticWeight } from './static-parameters.ts';
import { floatsOf } from './weights.ts';

/** All that is decided before the graph is written. */
export interface StaticPlan {
  nodes: StaticNodes;
  /** Of every value that becomes integers. */
  affines: ReadonlyMap<string, Affine>;
  weights: ReadonlyMap<StaticProduct, StaticWeight>;
  type: ActivationType;
}

interface Rewrite {
  plan: StaticPlan;
  fresh: FreshName;
  nodes: OnnxNode[];
  tensors: OnnxTensor[];
  /** Names of dequantized constants by what they are made of. */
  dequantized: Map<string, string>;
}

/**
 * Writes QuantizeLinear and DequantizeLinear around integer nodes. A value an integer node makes keeps its name after both, so that all
 * that reads it, outputs and subgraphs included, reads what the integers hold; any other value is read so by integer nodes only.
 */
export function writeQdq(graph: OnnxGraph, plan: StaticPlan): OnnxGraph {
  const rewrite: Rewrite = {
    plan,
    fresh: freshNames(graph),
    nodes: [],
    tensors: [],
    dequantized: new Map(),
  };
  const productOf = new Map(plan.nodes.products.map((product) => [product.node, product]));
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const { name } of graph.input) quantizeForReaders(rewrite, name);
  for (const node of sortNodes(graph.node)) {
    const product = productOf.get(node);
    const input =
      product === undefined ? linkInputs(rewrite, node, constants) : productInputs(rewrite, product);
    const one = changed(node, { input });
    if (isIdle(plan, one, constants)) appendIntegers(rewrite, one);
    else appendNode(rewrite, one);
  }
  const initializer = [...graph.initializer, ...rewrite.tensors];
  const written = changed(graph, { node: rewrite.nodes, initializer });
  return withoutUnused(written, new Set(graph.initializer.map(({ name }) => name)));
}

/** Whether what a node does to floats is what becoming integers does to them. */
function isIdle(
  { affines, nodes }: StaticPlan,
  node: OnnxNode,
  constants: ReadonlyMap<string, OnnxTensor>,
): boolean {
  const [value = ''] = node.output;
  const affine = affines.has(node.input[0] ?? '') ? undefined : affines.get(value);
  return affine !== undefined && nodes.makerOf.has(value) && isIdleClip(node, affine, constants);
}

/** In place of a node. */
function appendIntegers(rewrite: Rewrite, { input: [from = ''], output: [value = ''] }: OnnxNode): void {
  appendPair(rewrite, { value, from, to: value });
}

/** Appends a node, and after it the integers of what it makes. */
function appendNode(rewrite: Rewrite, node: OnnxNode): void {
  const { affines, nodes } = rewrite.plan;
  const output = node.output.map((name) =>
    affines.has(name) && nodes.makerOf.has(name) ? rewrite.fresh(`${name}_float`) : name,
  );
  rewrite.nodes.push(changed(node, { output }));
  for (const [index, name] of node.output.entries()) {
    const made = output[index] ?? '';
    if (made === name) quantizeForReaders(rewrite, name);
    else appendPair(rewrite, { value: name, from: made, to: name });
  }
}

function quantizeForReaders(rewrite: Rewrite, name: string): void {
  if (!rewrite.plan.affines.has(name)) return;
  const to = rewrite.fresh(`${name}_dequantized`);
  rewrite.dequantized.set(`value ${name}`, to);
  appendPair(rewrite, { value: name, from: name, to });
}

function appendPair(
  rewrite: Rewrite,
  { value, from, to }: { value: string; from: string; to: string },
): void {
  const affine = affineIn(rewrite, value);
  const parameters = parameterNames(rewrite, value, affine);
  const integers = rewrite.fresh(`${value}_quantized`);
  append(rewrite, { opType: 'QuantizeLinear', inputs: [from, ...parameters], output: integers });
  append(rewrite, { opType: 'DequantizeLinear', inputs: [integers, ...parameters], output: to });
}

function affineIn({ plan }: Rewrite, value: string): Affine {
  const affine = plan.affines.get(value);
  if (affine === undefined) throw new Error(`internal: no range for "${value}"`);
  return affine;
}

interface Step {
  opType: string;
  inputs: readonly string[];
  output: string;
  axis?: number;
}

function append(rewrite: Rewrite, { opType, inputs, output, axis }: Step): void {
  const attributes = axis === undefined ? {} : { axis: { int: axis } };
  const name = rewrite.fresh(`${output}_${opType}`);
  rewrite.nodes.push(createNode({ opType, inputs, outputs: [output], name, attributes }));
}

/** Stores a scale and a zero point; returns their names. */
function parameterNames(rewrite: Rewrite, value: string, { scale, zeroPoint, type }: Affine): string[] {
  const data = type === 'uint8' ? Uint8Array.of(zeroPoint) : Int8Array.of(zeroPoint);
  return [
    store(rewrite, `${value}_scale`, { type: 'float32', shape: [], data: Float32Array.of(scale) }),
    store(rewrite, `${value}_zero_point`, { type, shape: [], data } as Tensor),
  ];
}

function store(rewrite: Rewrite, wanted: string, tensor: Tensor): string {
  const name = rewrite.fresh(wanted);
  rewrite.tensors.push(createTensor(name, tensor));
  return name;
}

function linkInputs(rewrite: Rewrite, node: OnnxNode, constants: ReadonlyMap<string, OnnxTensor>): string[] {
  if (!rewrite.plan.nodes.links.has(node)) return node.input;
  const data = new Set(dataInputs(node));
  return node.input.map((name) => {
    if (!data.has(name)) return name;
    const constant = constants.get(name);
    return constant === undefined ? readable(rewrite, name) : dequantizedConstant(rewrite, constant);
  });
}

function readable({ dequantized }: Rewrite, name: string): string {
  return dequantized.get(`value ${name}`) ?? name;
}

/** A constant that is added or multiplied has the type of an activation. */
function dequantizedConstant(rewrite: Rewrite, constant: OnnxTensor): string {
  return once(rewrite, `constant ${constant.name}`, () => {
    const values = floatsOf(constant);
    const range = {
      low: values.reduce((a, b) => Math.min(a, b), Infinity),
      high: values.reduce((a, b) => Math.max(a, b), -Infinity),
    };
    const affine = affineOf(range, rewrite.plan.type);
    const data = toIntegers(values, affine);
    const tensor = { type: affine.type, shape: shapeOf(constant), data } as Tensor;
    const integers = store(rewrite, `${constant.name}_quantized`, tensor);
    const output = rewrite.fresh(`${constant.name}_dequantized`);
    const inputs = [integers, ...parameterNames(rewrite, constant.name, affine)];
    append(rewrite, { opType: 'DequantizeLinear', inputs, output });
    return output;
  });
}

function toIntegers(values: Float32Array, affine: Affine): Int8Array | Uint8Array {
  const toInteger = (value: number): number => integerOf(value, affine);
  return affine.type === 'uint8' ? Uint8Array.from(values, toInteger) : Int8Array.from(values, toInteger);
}

function once({ dequantized }: Rewrite, key: string, make: () => string): string {
  const name = dequantized.get(key) ?? make();
  dequantized.set(key, name);
  return name;
}

function productInputs(rewrite: Rewrite, product: StaticProduct): string[] {
  const { node, bias } = product;
  const [input = ''] = node.input;
  const inputs = [readable(rewrite, input), dequantizedWeight(rewrite, product)];
  return bias === null ? inputs : [...inputs, dequantizedBias(rewrite, product, bias)];
}

function dequantizedWeight(rewrite: Rewrite, product: StaticProduct): string {
  const { weight } = product;
  const { values, scales, axis } = weightIn(rewrite, product);
  return once(rewrite, `weight ${weight.name} by ${axis}`, () => {
    const integers = rewrite.fresh(`${weight.name}_quantized`);
    const dataType = elementTypeNumbers.int8;
    rewrite.tensors.push(
      madeTensor({ name: integers, dataType, shape: shapeOf(weight), from: weight, values }),
    );
    return appendConstant(rewrite, { name: weight.name, integers, type: 'int8', scales, axis });
  });
}

function weightIn({ plan }: Rewrite, product: StaticProduct): StaticWeight {
  const weight = plan.weights.get(product);
  if (weight === undefined) throw new Error(`internal: no scales for "${product.weight.name}"`);
  return weight;
}

function dequantizedBias(rewrite: Rewrite, product: StaticProduct, bias: OnnxTensor): string {
  const [input = ''] = product.node.input;
  const { scale } = affineIn(rewrite, input);
  const { axis, scales: weightScales } = weightIn(rewrite, product);
  return once(rewrite, `bias ${bias.name} of ${input} and ${product.weight.name} by ${axis}`, () => {
    const { values, scales } = int32Bias(bias, scale, weightScales);
    const shape = [values.length];
    const integers = store(rewrite, `${bias.name}_quantized`, { type: 'int32', shape, data: values });
    const ofBias = axis === null ? null : 0;
    return appendConstant(rewrite, { name: bias.name, integers, type: 'int32', scales, axis: ofBias });
  });
}

interface Constant {
  name: string;
  /** The name of what is stored. */
  integers: string;
  type: 'int32' | 'int8';
  scales: Float32Array;
  axis: number | null;
}

function appendConstant(rewrite: Rewrite, { name, integers, type, scales, axis }: Constant): string {
  const shape = axis === null ? [] : [scales.length];
  const zeros = type === 'int8' ? new Int8Array(scales.length) : new Int32Array(scales.length);
  const inputs = [
    integers,
    store(rewrite, `${name}_scale`, { type: 'float32', shape, data: scales }),
    store(rewrite, `${name}_zero_point`, { type, shape, data: zeros } as Tensor),
  ];
  const output = rewrite.fresh(`${name}_dequantized`);
  append(rewrite, { opType: 'DequantizeLinear', inputs, output, ...(axis === null ? {} : { axis }) });
  return output;
}
