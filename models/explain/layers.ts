import { elementCount } from '../../core/tensor.ts';
import { AssayError } from '../../core/errors.ts';
import { elementTypeNumbers } from '../onnx/element-type.ts';
import { withInlinedProducts } from '../onnx/inline-functions.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { labelOf } from '../onnx/node.ts';
import { isOnnxOwn } from '../onnx/plain-domains.ts';
import { shapeOf } from '../onnx/tensor.ts';
import { passes, type PassName } from '../passes/registry.ts';
import { kindOf, stepsOn, type VariantPlan } from '../variant.ts';

/** A node with weights that a variant quantizes or converts, and could leave in float32. */
export interface Layer {
  /** Its name, or its first output where it has none. */
  node: string;
  operator: string;
  weights: number;
}

const operators = ['Conv', 'Gemm', 'MatMul'];

/** The pass of a variant that can leave nodes out. Throws `variant-invalid` where it has none. */
export function leavingPass(plan: VariantPlan): PassName {
  const found = findLeavingPass(plan);
  if (found !== null) return found;
  throw new AssayError(
    'variant-invalid',
    `Variant "${plan.name}" neither quantizes nor converts, so no layer of it can be left in float32.`,
    { hint: 'Variants such as int8-dynamic, int8-static, int4-weights and fp16 are accepted.' },
  );
}

/** As `leavingPass`; null where there is none. */
export function findLeavingPass(plan: VariantPlan): PassName | null {
  const steps = stepsOn(plan, 'onnx') ?? [];
  return steps.find(({ pass }) => ['quantizes', 'converts'].includes(kindOf(pass)))?.pass ?? null;
}

/**
 * The layers of a model that a pass may reach, in the order of the graph: products and convolutions with float32 weights, those of its
 * functions where they are called.
 */
export function layersOf(model: OnnxModel, pass: PassName): Layer[] {
  const { graph } = withInlinedProducts(model);
  const reached =
    pass === 'convert-fp16' ? operators : operators.filter((one) => passes[pass].operators.includes(one));
  const weights = new Map(
    graph.initializer
      .filter(({ dataType, dims }) => dataType === elementTypeNumbers.float32 && dims.length >= 2)
      .map((tensor) => [tensor.name, elementCount(shapeOf(tensor))]),
  );
  return graph.node.flatMap((node) => {
    const count = weights.get(node.input[1] ?? '');
    if (!isOnnxOwn(node) || !reached.includes(node.opType) || count === undefined) return [];
    return [{ node: labelOf(node), operator: node.opType, weights: count }];
  });
}
