import { z } from 'zod';
import { AssayError } from '../../core/errors.ts';
import { sortNodes, withoutUnused } from '../onnx/graph.ts';
import { changed, type OnnxModel, type OnnxNode } from '../onnx/model.ts';
import { quantizeBlocks, type BlockLevels, type BlockSettings, type Columns } from './block-quantization.ts';
import type { Calibration } from './calibration.ts';
import type { SquareMatrix } from './cholesky.ts';
import { constantProducts, type ConstantProduct } from './constant-products.ts';
import { quantizeByHessian } from './gptq.ts';
import { gramMatrices } from './gram.ts';
import { quantizeHalfQuadratic } from './half-quadratic.ts';
import { leftOutNodes, leftOutSchema } from './left-out.ts';
import {
  appendNBitsProduct,
  sizesOf,
  startNBitsRewrite,
  weightKey,
  type QuantizedWeight,
} from './nbits-product.ts';
import { definePartlyCalibratedPass, type PassOutcome } from './pass.ts';
import { assertFiniteWeights, countEach, describeOperators, floatsOf } from './weights.ts';
import { weightsForm } from './quantize-weights-form.ts';

const parameters = z.strictObject({
  bits: z.literal([2, 4, 8]),
  /** Weights that share a scale; `per-shape` chooses by the length of the reduced axis. */
  blockSize: z.union([z.literal('per-shape'), z.literal([16, 32, 64, 128, 256])]),
  symmetry: z.enum(['asymmetric', 'symmetric']),
  /** Round to nearest, half-quadratic, or GPTQ, which needs calibration data. */
  method: z.enum(['rtn', 'hqq', 'gptq']),
  leftOut: leftOutSchema,
});
type Parameters = z.output<typeof parameters>;

/**
 * Stores the weights of MatMul and Gemm in 2, 4 or 8 bits, a scale for each block of a column, as ONNX Runtime's MatMulNBits at
 * accuracy level 4; activations stay float outside of it. Rounded to nearest, levels, scales and zero points equal those of
 * `MatMulNBitsQuantizer` of onnxruntime 1.30 (Python) to the bit.
 */
export const quantizeWeights = definePartlyCalibratedPass({
  name: 'quantize-weights',
  kind: 'quantizes',
  form: weightsForm,
  version: 1,
  operators: ['MatMul', 'Gemm'],
  paysOn: ['cpu', 'cuda', 'webgpu'],
  parameters,
  needsCalibration: ({ method }) => method === 'gptq',
  rewrite: async (model, settings, calibration): Promise<PassOutcome> => {
    const { products, obstacles } = quantizableProducts(model, leftOutNodes(model, settings.leftOut));
    if (products.length === 0) return { status: 'nothing-to-do', reason: explainNone(model, obstacles) };
    const weights = await quantizeAll(model, products, { settings, calibration });
    return {
      status: 'applied',
      model: withNBitsProducts(model, products, weights),
      summary: summarise({ products, obstacles, weights }, settings),
    };
  },
});

/** MatMulNBits takes matrices only. */
function quantizableProducts(
  model: OnnxModel,
  leftOut: ReadonlySet<OnnxNode>,
): { products: ConstantProduct[]; obstacles: string[] } {
  const { products, obstacles } = constantProducts(model.graph, leftOut);
  const isMatrix = ({ weight }: ConstantProduct): boolean => weight.dims.length === 2;
  const stacked = products.filter((product) => !isMatrix(product));
  return {
    products: products.filter(isMatrix),
    obstacles: [...obstacles, ...stacked.map(() => 'whose weight has more than two axes')],
  };
}

function explainNone({ graph }: OnnxModel, obstacles: readonly string[]): string {
  const why = obstacles.length === 0 ? `the graph has ${describeOperators(graph)}` : countEach(obstacles);
  return `no MatMul or Gemm has a constant float32 matrix as weight: ${why}`;
}

interface Task {
  settings: Parameters;
  calibration: Calibration | null;
}

/** By the key of the weight. */
type Quantized = ReadonlyMap<string, QuantizedWeight>;

async function quantizeAll(
  model: OnnxModel,
  products: readonly ConstantProduct[],
  { settings, calibration }: Task,
): Promise<Quantized> {
  const grams =
    calibration === null || settings.method !== 'gptq'
      ? new Map<string, SquareMatrix>()
      : await inputGrams(model, products, calibration);
  const distinct = new Map(products.map((product) => [weightKey(product), product]));
  const entries = [...distinct].map(([key, product]) => {
    const blockSettings = blockSettingsOf(product, settings);
    const found = quantize(columnsOf(product), {
      settings: blockSettings,
      method: settings.method,
      gram: grams.get(key),
    });
    assertFiniteScales(found, product);
    return [key, { found, settings: blockSettings }] as const;
  });
  return new Map(entries);
}

/** Of the inputs of every product of a weight, summed. */
async function inputGrams(
  model: OnnxModel,
  products: readonly ConstantProduct[],
  calibration: Calibration,
): Promise<Map<string, SquareMatrix>> {
  const inputs = products.map((product) => ({
    name: product.node.input[0] ?? '',
    width: sizesOf(product).rows,
  }));
  const byInput = await gramMatrices(model, inputs, calibration);
  const grams = new Map<string, SquareMatrix>();
  for (const product of products) {
    const gram = byInput.get(product.node.input[0] ?? '')!;
    const sum = grams.get(weightKey(product));
    const data = sum === undefined ? gram.data : gram.data.map((value, index) => value + sum.data[index]!);
    grams.set(weightKey(product), { size: gram.size, data });
  }
  return grams;
}

interface Choice {
  settings: BlockSettings;
  method: Parameters['method'];
  gram: SquareMatrix | undefined;
}

function quantize(weight: Columns, { settings, method, gram }: Choice): BlockLevels {
  if (method === 'rtn') return quantizeBlocks(weight, settings);
  if (method === 'hqq') return quantizeHalfQuadratic(weight, settings);
  const found = gram === undefined ? null : quantizeByHessian(weight, settings, gram);
  if (found !== null) return found;
  throw new AssayError(
    'dataset-invalid',
    'The calibration data give inputs of a product that no damping makes independent; GPTQ cannot use them.',
  );
}

function blockSettingsOf(product: ConstantProduct, { bits, blockSize, symmetry }: Parameters): BlockSettings {
  const chosen = blockSize === 'per-shape' ? blockSizeFor(sizesOf(product).rows) : blockSize;
  return { bits, blockSize: chosen, isSymmetric: symmetry === 'symmetric' };
}

/**
 * The largest size that still gives a column eight scales, between 32 and 128: larger blocks run faster and take fewer bytes,
 * smaller ones are more exact. 16 where a block of 32 would be half padding.
 */
function blockSizeFor(rows: number): 16 | 32 | 64 | 128 {
  if (rows <= 16) return 16;
  if (rows < 512) return 32;
  return rows < 1024 ? 64 : 128;
}

/** [columns][rows] of a weight stored either way. */
function columnsOf(product: ConstantProduct): Columns {
  const { rows, columns } = sizesOf(product);
  const stored = floatsOf(product.weight);
  if (product.isTransposed) return { rows, data: stored };
  const data = new Float32Array(stored.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      data[column * rows + row] = stored[row * columns + column]!;
  }
  return { rows, data };
}

function assertFiniteScales({ scales }: BlockLevels, { weight }: ConstantProduct): void {
  if (scales.every(Number.isFinite)) return;
  assertFiniteWeights(weight);
  throw new AssayError(
    'model-invalid',
    `Weights "${weight.name}" span more than the largest float32; their scale is not a float32.`,
  );
}

function withNBitsProducts(
  model: OnnxModel,
  products: readonly ConstantProduct[],
  weights: Quantized,
): OnnxModel {
  const rewrite = startNBitsRewrite(model.graph);
  const productOf = new Map(products.map((product) => [product.node, product]));
  for (const node of sortNodes(model.graph.node)) {
    const product = productOf.get(node);
    if (product === undefined) rewrite.nodes.push(node);
    else appendNBitsProduct(rewrite, product, weights.get(weightKey(product))!);
  }
  const replaced = new Set(products.map(({ weight }) => weight.name));
  const initializer = [...model.graph.initializer, ...rewrite.tensors];
  const graph = withoutUnused(changed(model.graph, { node: rewrite.nodes, initializer }), replaced);
  return changed(model, { graph, opsetImport: withContribOperators(model.opsetImport) });
}

function withContribOperators(imports: OnnxModel['opsetImport']): OnnxModel['opsetImport'] {
  const isThere = imports.some(({ domain }) => domain === 'com.microsoft');
  return isThere ? imports : [...imports, { domain: 'com.microsoft', version: 1 }];
}

interface Done {
  products: readonly ConstantProduct[];
  obstacles: readonly string[];
  weights: Quantized;
}

const methodNames = { rtn: 'rounded to nearest', hqq: 'half-quadratic', gptq: 'GPTQ' };

function summarise({ products, obstacles, weights }: Done, { bits, symmetry, method }: Parameters): string {
  const sizes = [...weights.values()].map(({ settings }) => `of ${settings.blockSize}`);
  return [
    `${products.length} of ${products.length + obstacles.length} MatMul and Gemm weights quantized to ${bits} bits, `,
    `${symmetry}, ${methodNames[method]}; weights in blocks: ${countEach(sizes)}`,
    ...(obstacles.length === 0 ? [] : [`; left in float: ${countEach(obstacles)}`]),
  ].join('');
}
