import * as z from 'zod';
import { AssayError } from '../../core/errors.ts';
import { isOutside } from '../onnx/external-data.ts';
import { changed, type OnnxModel, type OnnxNode } from '../onnx/model.ts';
import { replaceNodes } from '../onnx/scopes.ts';
import {
  packLevels,
  quantizeBlocks,
  type BlockLevels,
  type BlockSettings,
  type Columns,
} from './block-quantization.ts';
import type { Calibration } from './calibration.ts';
import type { SquareMatrix } from './cholesky.ts';
import { constantProducts, weightKey, type ConstantProduct, type Products } from './constant-products.ts';
import { quantizeByHessian } from './gptq.ts';
import { gramChunks, gramMatrices } from './gram.ts';
import { quantizeHalfQuadratic } from './half-quadratic.ts';
import { leftOutNodes, leftOutSchema } from './left-out.ts';
import { scratchFor } from './made-tensor.ts';
import { nbitsProduct, sizesOf, startNBitsRewrite, type QuantizedWeight } from './nbits-product.ts';
import { definePartlyCalibratedPass, type PassOutcome } from './pass.ts';
import { weightsForm } from './quantize-weights-form.ts';
import { withPlainGemms } from './plain-gemms.ts';
import { withStoredWeights } from './stored-weights.ts';
import { assertFiniteWeights, countEach, describeOperators, floatsWithin } from './weights.ts';

const operators = ['MatMul', 'Gemm'];

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
  version: 5,
  operators,
  paysOn: ['cpu', 'cuda', 'webgpu'],
  parameters,
  needsCalibration: ({ method }) => method === 'gptq',
  needsNone: (settings) => ({ ...settings, method: 'rtn' as const }),
  rewrite: async (source, settings, calibration): Promise<PassOutcome> => {
    const leftOut = leftOutNodes(source, settings.leftOut);
    const stored = await withStoredWeights(source, { operators, which: 'all' });
    const model = withPlainGemms(stored, leftOut);
    const { products, obstacles } = quantizableProducts(model, settings, leftOut);
    if (products.length === 0) return { status: 'nothing-to-do', reason: explainNone(model, obstacles) };
    const weights = await quantizeAll(model, products, { settings, calibration });
    return {
      status: 'applied',
      model: withNBitsProducts(model, products, weights),
      summary: summarise({ products, obstacles, weights }, settings),
    };
  },
});

/** MatMulNBits takes matrices only; calibration sees the values of the outermost graph only. */
function quantizableProducts(
  model: OnnxModel,
  { method }: Parameters,
  leftOut: ReadonlySet<OnnxNode>,
): Products {
  const { products, obstacles } = constantProducts(model, leftOut);
  const outermost = new Set(model.graph.node);
  const found = products.map((product) => {
    if (product.weight.dims.length !== 2) return 'whose weight has more than two axes';
    const isSeen = method !== 'gptq' || outermost.has(product.node);
    return isSeen ? product : 'inside a graph of a node, where GPTQ has no data';
  });
  return {
    products: found.filter((product) => typeof product !== 'string'),
    obstacles: [...obstacles, ...found.filter((product) => typeof product === 'string')],
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
type Quantized = Map<symbol, QuantizedWeight>;

async function quantizeAll(
  model: OnnxModel,
  products: readonly ConstantProduct[],
  { settings, calibration }: Task,
): Promise<Quantized> {
  const byWeight = Map.groupBy(products, weightKey);
  const quantized: Quantized = new Map();
  const scratch = scratchFor(model.graph);
  const chunks = gramChunks([...byWeight], ([, [product]]) => sizesOf(product!).rows);
  for (const chunk of settings.method === 'gptq' ? chunks : [[...byWeight]]) {
    const grams =
      calibration === null || settings.method !== 'gptq'
        ? null
        : await inputGrams(
            model,
            chunk.flatMap(([, sharing]) => sharing),
            calibration,
          );
    for (const [key, [product]] of chunk) {
      const choice = { settings: blockSettingsOf(product!, settings), method: settings.method };
      quantized.set(key, quantizeOne(product!, { ...choice, gram: grams?.get(key), scratch }));
    }
  }
  return quantized;
}

/** Of the inputs of every product of a weight, summed. */
async function inputGrams(
  model: OnnxModel,
  products: readonly ConstantProduct[],
  calibration: Calibration,
): Promise<Map<symbol, SquareMatrix>> {
  const inputs = products.map((product) => ({
    name: product.node.input[0] ?? '',
    width: sizesOf(product).rows,
  }));
  const byInput = await gramMatrices(model, inputs, calibration);
  const grams = new Map<symbol, SquareMatrix>();
  for (const product of products) {
    const gram = byInput.get(product.node.input[0] ?? '')!;
    const sum = grams.get(weightKey(product));
    const data = sum === undefined ? gram.data : gram.data.map((value, index) => value + sum.data[index]!);
    grams.set(weightKey(product), { size: gram.size, data });
  }
  return grams;
}

/** The levels of a weight in another file are made anew when they are written, those of GPTQ aside, whose sums are gone by then. */
function quantizeOne(product: ConstantProduct, choice: Choice & { scratch: Uint8Array }): QuantizedWeight {
  const { settings, method, scratch } = choice;
  const find = (): BlockLevels => quantize(columnsOf(product, scratch), choice);
  const pack = ({ levels }: BlockLevels): Uint8Array =>
    packLevels(levels, settings.bits, { length: settings.blockSize, filler: 0 });
  const found = find();
  assertFiniteScales(found, product);
  const { scales, zeroPoints } = found;
  if (method !== 'gptq' && isOutside(product.weight))
    return { settings, scales, zeroPoints, packed: () => pack(find()) };
  const bytes = pack(found);
  return { settings, scales, zeroPoints, packed: () => bytes };
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

/** Columns written together: as many as share a line of the cache. */
const band = 16;

/** [columns][rows] of a weight stored either way. */
function columnsOf(product: ConstantProduct, scratch: Uint8Array): Columns {
  const { rows, columns } = sizesOf(product);
  const stored = floatsWithin(product.weight, scratch);
  if (product.isTransposed) return { rows, data: stored };
  const data = new Float32Array(stored.length);
  for (let first = 0; first < columns; first += band) {
    const end = Math.min(columns, first + band);
    for (let row = 0; row < rows; row++) {
      for (let column = first; column < end; column++)
        data[column * rows + row] = stored[row * columns + column]!;
    }
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
  const replace = (node: OnnxNode): OnnxNode[] => {
    const product = productOf.get(node);
    return product === undefined ? [node] : nbitsProduct(rewrite, product, weights.get(weightKey(product))!);
  };
  const replaced = new Set(products.map(({ weight }) => weight));
  const made = replaceNodes(model.graph, () => replace, replaced);
  const graph = changed(made, { initializer: [...made.initializer, ...rewrite.tensors] });
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
