import { elementCount } from '../../core/tensor.ts';
import { numberOf, type OnnxModel, type OnnxNode } from '../onnx/model.ts';
import { shapeOf } from '../onnx/tensor.ts';

/** How many times as many weights a baseline has as its variant, in whatever type; 1 where either has none. */
export function shrinkOf(baseline: OnnxModel, variant: OnnxModel): number {
  const [before, after] = [countWeights(baseline), countWeights(variant)];
  return before === 0 || after === 0 ? 1 : before / after;
}

function countWeights({ graph }: OnnxModel): number {
  const packed = graph.node.filter(({ opType }) => opType === 'MatMulNBits');
  const inPacked = new Set(packed.flatMap(({ input }) => input.slice(1)));
  const matrices = graph.initializer.filter(({ name, dims }) => dims.length >= 2 && !inPacked.has(name));
  const plain = matrices.reduce((sum, tensor) => sum + elementCount(shapeOf(tensor)), 0);
  return packed.reduce((sum, node) => sum + attributeOf(node, 'K') * attributeOf(node, 'N'), plain);
}

function attributeOf({ attribute }: OnnxNode, name: string): number {
  return numberOf(attribute.find((one) => one.name === name)?.i ?? 0);
}
