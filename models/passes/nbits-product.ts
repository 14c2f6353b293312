import { elementTypeNumbers } from '../onnx/element-type.ts';
import { freshNames, type FreshName } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/model.ts';
import { createNode } from '../onnx/node.ts';
import { createTensor, shapeOf } from '../onnx/tensor.ts';
import { blockCount, packLevels, type BlockSettings } from './block-quantization.ts';
import { weightKey, type ConstantProduct } from './constant-products.ts';
import { madeTensor } from './made-tensor.ts';

/** Activations are rounded to int8 in blocks: the only level at which ONNX Runtime multiplies few-bit weights as integers. */
const accuracyLevel = 4;

/** A model whose products are becoming MatMulNBits: what was made so far. */
export interface NBitsRewrite {
  fresh: FreshName;
  /** For the outermost graph, where the graphs inside its nodes see them too. */
  tensors: OnnxTensor[];
  /** Names of the stored levels, scales and zero points of a weight, by its key. */
  weights: Map<symbol, readonly string[]>;
}

export function startNBitsRewrite(graph: OnnxGraph): NBitsRewrite {
  return { fresh: freshNames(graph), tensors: [], weights: new Map() };
}

/** Sizes of a product: `rows` are summed over. */
export function sizesOf({ weight, isTransposed }: ConstantProduct): { rows: number; columns: number } {
  const [first = 0, second = 0] = shapeOf(weight);
  return isTransposed ? { rows: second, columns: first } : { rows: first, columns: second };
}

/** What a product's weight became. */
export interface QuantizedWeight {
  settings: BlockSettings;
  scales: Float32Array;
  zeroPoints: Uint8Array;
  /** Several to a byte; made anew at each call where the weight is in another file. */
  packed: () => Uint8Array;
}

/** The MatMulNBits node of a product, with its bias where that is a row of its own, else followed by Add. */
export function nbitsProduct(
  rewrite: NBitsRewrite,
  product: ConstantProduct,
  quantized: QuantizedWeight,
): OnnxNode[] {
  const [output = ''] = product.node.output;
  const bias = product.bias ?? '';
  const { columns } = sizesOf(product);
  const isRow = product.biasShape?.length === 1 && product.biasShape[0] === columns;
  const weight = storedWeight(rewrite, product, quantized);
  const biasInputs = isRow ? [...Array.from({ length: 5 - 1 - weight.length }, () => ''), bias] : [];
  const inputs = [product.node.input[0] ?? '', ...weight, ...biasInputs];
  const isAdded = bias !== '' && !isRow;
  const made = isAdded ? rewrite.fresh(`${output}_unbiased`) : output;
  const name = rewrite.fresh(`${output}_MatMulNBits`);
  const attributes = attributesOf(product, quantized.settings);
  const parts = { opType: 'MatMulNBits', domain: 'com.microsoft', inputs, outputs: [made], name, attributes };
  if (!isAdded) return [createNode(parts)];
  const add = rewrite.fresh(`${output}_Add`);
  return [
    createNode(parts),
    createNode({ opType: 'Add', inputs: [made, bias], outputs: [output], name: add }),
  ];
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
  quantized: QuantizedWeight,
): readonly string[] {
  const key = weightKey(product);
  const known = rewrite.weights.get(key);
  if (known !== undefined) return known;
  const { settings, scales } = quantized;
  const { bits, blockSize, isSymmetric } = settings;
  const { rows, columns } = sizesOf(product);
  const blocks = blockCount(rows, blockSize);
  const name = (part: string): string => rewrite.fresh(`${product.weight.name}_${part}`);
  const tensors = [
    madeTensor({
      name: name('levels'),
      dataType: elementTypeNumbers.uint8,
      shape: [columns, blocks, (blockSize * bits) / 8],
      from: product.weight,
      values: quantized.packed,
    }),
    createTensor(name('scales'), { type: 'float32', shape: [columns, blocks], data: scales }),
    ...(isSymmetric ? [] : [zeroPointsOf(quantized, { blocks, name: name('zero_points') })]),
  ];
  rewrite.tensors.push(...tensors);
  const names = tensors.map((tensor) => tensor.name);
  rewrite.weights.set(key, names);
  return names;
}

/** Unused bits of a last byte hold the middle level, as onnxruntime fills them. */
function zeroPointsOf(
  { zeroPoints, settings: { bits } }: QuantizedWeight,
  { blocks, name }: { blocks: number; name: string },
): OnnxTensor {
  const data = packLevels(zeroPoints, bits, { length: blocks, filler: 2 ** (bits - 1) });
  const shape = [zeroPoints.length / blocks, Math.ceil((blocks * bits) / 8)];
  return createTensor(name, { type: 'uint8', shape, data });
}
