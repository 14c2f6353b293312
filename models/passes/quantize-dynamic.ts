import * as z from 'zod';
import { changed, type OnnxGraph, type OnnxNode } from '../onnx/model.ts';
import { replaceNodes } from '../onnx/scopes.ts';
import { constantProducts, type ConstantProduct } from './constant-products.ts';
import { leftOutNodes, leftOutSchema } from './left-out.ts';
import { startInt8Graph, startInt8Weights } from './int8-product.ts';
import { definePass, type PassOutcome } from './pass.ts';
import { withPlainGemms } from './plain-gemms.ts';
import { withResidualSums } from './residual-sums.ts';
import { withStoredWeights } from './stored-weights.ts';
import { countEach, whyNoneQuantized } from './weights.ts';
import { dynamicForm } from './quantize-dynamic-form.ts';

const operators = ['MatMul', 'Gemm'];

const parameters = z.strictObject({
  granularity: z.enum(['per-channel', 'per-tensor']),
  /** Keeps int8 weights within 64: without VNNI two products in a 16-bit sum may saturate. */
  reduceRange: z.boolean(),
  leftOut: leftOutSchema,
});
type Parameters = z.output<typeof parameters>;

/**
 * Multiplies in integers: weights become int8 once, activations uint8 at every run. Covers MatMul and Gemm with a constant
 * float32 weight, as `onnxruntime.quantization.quantize_dynamic` 1.30 does, with the same bits in weights, scales and zero points.
 */
export const quantizeDynamic = definePass({
  name: 'quantize-dynamic',
  kind: 'quantizes',
  form: dynamicForm,
  version: 4,
  operators,
  paysOn: ['cpu', 'wasm'],
  parameters,
  rewrite: async (source, settings): Promise<PassOutcome> => {
    const leftOut = leftOutNodes(source, settings.leftOut);
    const stored = await withStoredWeights(source, { operators, which: 'all' });
    const model = withPlainGemms(stored, leftOut);
    const { products, obstacles } = constantProducts(model, leftOut);
    if (products.length === 0)
      return { status: 'nothing-to-do', reason: whyNoneQuantized('MatMul or Gemm', model.graph, obstacles) };
    const graph = withInt8Products(model.graph, products, settings);
    const summary = summarise(products, obstacles, settings);
    return { status: 'applied', model: withResidualSums(changed(model, { graph })), summary };
  },
});

function withInt8Products(
  graph: OnnxGraph,
  products: readonly ConstantProduct[],
  settings: Parameters,
): OnnxGraph {
  const { granularity, reduceRange } = settings;
  const weights = startInt8Weights(graph, { granularity, limit: reduceRange ? 64 : 127 });
  const productOf = new Map(products.map((product) => [product.node, product]));
  const start = (): ((node: OnnxNode) => OnnxNode[]) => {
    const quantize = startInt8Graph(weights);
    return (node) => {
      const product = productOf.get(node);
      return product === undefined ? [node] : quantize(product);
    };
  };
  const replaced = new Set(products.map(({ weight }) => weight));
  const made = replaceNodes(graph, start, replaced);
  return changed(made, { initializer: [...made.initializer, ...weights.tensors] });
}

function summarise(
  products: readonly ConstantProduct[],
  obstacles: readonly string[],
  settings: Parameters,
): string {
  const total = products.length + obstacles.length;
  const how = settings.granularity === 'per-channel' ? 'per channel' : 'per tensor';
  const stacked = products.filter(({ weight }) => weight.dims.length > 2).length;
  return [
    `${products.length} of ${total} MatMul and Gemm weights quantized to int8, ${how}`,
    ...(settings.reduceRange ? [', range reduced to 7 bits'] : []),
    ...(settings.granularity === 'per-channel' && stacked > 0
      ? [`; ${stacked} of more than two axes per tensor`]
      : []),
    ...(obstacles.length === 0 ? [] : [`; left in float: ${countEach(obstacles)}`]),
  ].join('');
}
