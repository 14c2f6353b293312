import { elementCount } from '../../core/tensor.ts';
import { freshNames, type FreshName } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/model.ts';
import { createNode } from '../onnx/node.ts';
import { createTensor, shapeOf } from '../onnx/tensor.ts';
import { blockCount, packLevels, type BlockLevels, type BlockSettings } from './block-quantization.ts';
import type { ConstantProduct } from './constant-products.ts';

/** Activations are rounded to int8 in blocks: the only level at which ONNX Runtime multiplies few-bit weights as integers. */
const accuracyLevel = 4;

/** A graph whose products are becoming MatMulNBits: what was made so far. */
export interface NBitsRewrite {
  fresh: FreshName;
  nodes: OnnxNode[];
  tensors: OnnxTensor[];
  /** Names of the stored levels, scales and zero points of a weight, by its key. */
  weights: Map<string, readonly string[]>;
  /** Shapes of the initializers there were, by name. */
  shapes: ReadonlyMap<string, readonly number[]>;
}

export function startNBitsRewrite(graph: OnnxGraph): NBitsRewrite {
  const shapes = new Map(graph.initializer.map((tensor) => [tensor.name, shapeOf(tensor)]));
  return { fresh: freshNames(graph), nodes: [], tensors: [], weights: new Map(), shapes };
}

/** A weight that products may share: one stored as [outputs, inputs] for one and [inputs, outputs] for another counts as two. */
export function weightKey({ weight, isTransposed }: ConstantProduct): string {
  return `${isTransposed ? 'transposed' : 'plain'} ${weight.name}`;
}

/** Sizes of a product: `rows` are summed over. */
export function sizesOf({ weight, isTransposed }: ConstantProduct): { rows: number; columns: number } {
  const [first = 0, second = 0] = shapeOf(weight);
  return isTransposed ? { rows: second, columns: first } : { rows: first, columns: second };
}

/** What a product's weight became. */
export interface QuantizedWeight {
  found: BlockLevels;
  settings: BlockSettings;
}

/** Appends the MatMulNBits node of a product, with its bias where that is a row of the graph's own, else followed by Add. */
export function appendNBitsProduct(
  rewrite: NBitsRewrite,
  product: ConstantProduct,
  quantized: QuantizedWeight,
): void {
  const [output = ''] = product.node.output;
  const bias = product.bias ?? '';
  const { columns } = sizesOf(product);
  const isRow = bias !== '' && isRowOf(rewrite.shapes.get(bias), columns);
  const weight = storedWeight(rewrite, product, quantized);
  const biasInputs = isRow ? [...Array.from({ length: 5 - 1 - weight.length }, () => ''), bias] : [];
  const inputs = [product.node.input[0] ?? '', ...weight, ...biasInputs];
  const isAdded = bias !== '' && !isRow;
  const made = isAdded ? rewrite.fresh(`${output}_unbiased`) : output;
  const name = rewrite.fresh(`${output}_MatMulNBits`);
  const attributes = attributesOf(product, quantized.settings);
  rewrite.nodes.push(
    createNode({ opType: 'MatMulNBits', domain: 'com.microsoft', inputs, outputs: [made], name, attributes }),
  );
  if (!isAdded) return;
  const add = rewrite.fresh(`${output}_Add`);
  rewrite.nodes.push(createNode({ opType: 'Add', inputs: [made, bias], outputs: [output], name: add }));
}

function isRowOf(shape: readonly number[] | undefined, columns: number): boolean {
  return shape?.length === 1 && shape[0] === columns;
}

function attributesOf(
  product: ConstantProduct,
  { bits, blockSize }: BlockSettings,
): Record<string, { int: number }> {
  const { rows, columns } = sizesOf(product);
  return {
    K: { int: rows },
    N: { int: columns },
    bits: { int: bits },
    block_size: { int: blockSize },
    accuracy_level: { int: accuracyLevel },
  };
}

function storedWeight(
  rewrite: NBitsRewrite,
  product: ConstantProduct,
  { found, settings }: QuantizedWeight,
): readonly string[] {
  const key = weightKey(product);
  const known = rewrite.weights.get(key);
  if (known !== undefined) return known;
  const { bits, blockSize, isSymmetric } = settings;
  const { rows, columns } = sizesOf(product);
  const blocks = blockCount(rows, blockSize);
  const name = (part: string): string => rewrite.fresh(`${product.weight.name}_${part}`);
  const tensors = [
    bytes(
      name('levels'),
      [columns, blocks, (blockSize * bits) / 8],
      packLevels(found.levels, bits, { length: blockSize, filler: 0 }),
    ),
    createTensor(name('scales'), { type: 'float32', shape: [columns, blocks], data: found.scales }),
    ...(isSymmetric ? [] : [zeroPointsOf(found, { bits, blocks, name: name('zero_points') })]),
  ];
  rewrite.tensors.push(...tensors);
  const names = tensors.map((tensor) => tensor.name);
  rewrite.weights.set(key, names);
  return names;
}

/** Unused bits of a last byte hold the middle level, as onnxruntime fills them. */
function zeroPointsOf(
  { zeroPoints }: BlockLevels,
  { bits, blocks, name }: { bits: 2 | 4 | 8; blocks: number; name: string },
): OnnxTensor {
  const data = packLevels(zeroPoints, bits, { length: blocks, filler: 2 ** (bits - 1) });
  return bytes(name, [zeroPoints.length / blocks, Math.ceil((blocks * bits) / 8)], data);
}

function bytes(name: string, shape: number[], data: Uint8Array): OnnxTensor {
  if (elementCount(shape) !== data.length) throw new Error(`internal: ${name} has ${data.length} bytes`);
  return createTensor(name, { type: 'uint8', shape, data });
}
