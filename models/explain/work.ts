import { elementCount } from '../../core/tensor.ts';
import type { ProfiledNode } from './profile.ts';

/** What a node computes, as far as passes tell operators apart. */
export type WorkKind = 'product' | 'convolution' | 'depthwise convolution';

/** The part of a node's work that a pass could make faster. */
export interface Work {
  kind: WorkKind;
  /** Rows multiplied at a time: of a product, samples by positions; 1 for convolutions. */
  rows: number;
  multiplyAdds: number;
}

const products = ['FusedGemm', 'FusedMatMul', 'Gemm', 'MatMul'];
const convolutions = ['Conv', 'FusedConv', 'NhwcFusedConv'];

/** The work of a float32 node with weights; null for any other, products of two computed values among them. */
export function workOf(node: ProfiledNode): Work | null {
  if (products.includes(node.operator)) return productOf(node);
  return convolutions.includes(node.operator) ? convolutionOf(node) : null;
}

function productOf({ inputs, outputs }: ProfiledNode): Work | null {
  const [left = [], right = []] = inputs;
  // Weights are matrices, or packed and so not listed; what is multiplied in attention has batch and heads.
  if (right.length > 2) return null;
  const depth = left.at(-1) ?? 1;
  return {
    kind: 'product',
    rows: elementCount(left.slice(0, -1)),
    multiplyAdds: elementCount(outputs[0] ?? []) * depth,
  };
}

function convolutionOf({ inputs, outputs }: ProfiledNode): Work {
  const [maps = [], weight = []] = inputs;
  const perOutput = elementCount(weight.slice(1));
  const isDepthwise = weight[1] === 1 && (maps[1] ?? 1) > 1;
  return {
    kind: isDepthwise ? 'depthwise convolution' : 'convolution',
    rows: 1,
    multiplyAdds: elementCount(outputs[0] ?? []) * perOutput,
  };
}
