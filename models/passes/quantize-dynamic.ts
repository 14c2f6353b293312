import { z } from 'zod';
import { sortNodes, withoutUnused } from '../onnx/graph.ts';
import { changed, type OnnxGraph } from '../onnx/model.ts';
import { opsetOf } from '../onnx/opset.ts';
import { constantProducts, type ConstantProduct } from './constant-products.ts';
import { leftOutNodes, leftOutSchema } from './left-out.ts';
import { appendInt8Product, startInt8Rewrite } from './int8-product.ts';
import { definePass, type PassOutcome } from './pass.ts';
import { countEach, describeOperators } from './weights.ts';
import { dynamicForm } from './quantize-dynamic-form.ts';

const parameters = z.strictObject({
  granularity: z.enum(['per-channel', 'per-tensor']),
  /** Keeps int8 weights within 64: without VNNI two products in a 16-bit sum may saturate. */
  reduceRange: z.boolean(),
  leftOut: leftOutSchema,
});
type Parameters = z.output<typeof parameters>;

/** DynamicQuantizeLinear is the youngest operator this pass writes. */
const neededOpset = 11;

/**
 * Multiplies in integers: weights become int8 once, activations uint8 at every run. Covers MatMul and Gemm with a constant
 * float32 weight, as `onnxruntime.quantization.quantize_dynamic` 1.30 does, with the same bits in weights, scales and zero points.
 */
export const quantizeDynamic = definePass({
  name: 'quantize-dynamic',
  kind: 'quantizes',
  form: dynamicForm,
  version: 1,
  operators: ['MatMul', 'Gemm'],
  paysOn: ['cpu', 'wasm'],
  parameters,
  rewrite: (model, settings) => {
    const opset = opsetOf(model);
    if (opset < neededOpset)
      return nothingToDo(`it needs operator set ${neededOpset}, the model has ${opset}`);
    const { products, obstacles } = constantProducts(model.graph, leftOutNodes(model, settings.leftOut));
    if (products.length === 0) return nothingToDo(explainNone(model.graph, obstacles));
    const graph = withInt8Products(model.graph, products, settings);
    return {
      status: 'applied',
      model: changed(model, { graph }),
      summary: summarise(products, obstacles, settings),
    };
  },
});

function nothingToDo(reason: string): PassOutcome {
  return { status: 'nothing-to-do', reason };
}

function explainNone(graph: OnnxGraph, obstacles: readonly string[]): string {
  const why = obstacles.length === 0 ? `the graph has ${describeOperators(graph)}` : countEach(obstacles);
  return `no MatMul or Gemm has a constant float32 weight: ${why}`;
}

function withInt8Products(
  graph: OnnxGraph,
  products: readonly ConstantProduct[],
  settings: Parameters,
): OnnxGraph {
  const { granularity, reduceRange } = settings;
  const rewrite = startInt8Rewrite(graph, { granularity, limit: reduceRange ? 64 : 127 });
  const productOf = new Map(products.map((product) => [product.node, product]));
  for (const node of sortNodes(graph.node)) {
    const product = productOf.get(node);
    if (product === undefined) rewrite.nodes.push(node);
    else appendInt8Product(rewrite, product);
  }
  const replaced = new Set(products.map(({ weight }) => weight.name));
  const initializer = [...graph.initializer, ...rewrite.tensors];
  return withoutUnused(changed(graph, { node: rewrite.nodes, initializer }), replaced);
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
