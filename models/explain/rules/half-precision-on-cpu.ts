import { elementTypeNumbers } from '../../onnx/element-type.ts';
import type { OnnxModel } from '../../onnx/model.ts';
import type { Rule } from '../examined.ts';

export const halfPrecisionOnCpu: Rule = ({ executed, stored, situation }) => {
  if (executed === null || stored === null || !['cpu', 'wasm'].includes(situation.device)) return null;
  const halves = halfNodes(stored);
  if (halves === 0) return null;
  const casts = executed.node.filter(({ opType }) => opType === 'Cast').length;
  return `${halves} nodes take float16 weights or cast to float16; casts at every call: ${casts}`;
};

/** Nodes that compute in float16: those with such weights, and casts to it; a cast from stored float16 is no computing. */
function halfNodes({ graph }: OnnxModel): number {
  const halves = new Set(
    graph.initializer
      .filter(({ dataType }) => dataType === elementTypeNumbers.float16)
      .map(({ name }) => name),
  );
  return graph.node.filter(({ opType, input, attribute }) =>
    opType === 'Cast'
      ? attribute.some(({ name, i }) => name === 'to' && Number(i) === elementTypeNumbers.float16)
      : input.some((name) => halves.has(name)),
  ).length;
}
