import { counted } from '../../../core/counted.ts';
import { elementTypeNumbers } from '../../onnx/element-type.ts';
import type { OnnxModel } from '../../onnx/model.ts';
import { kindOf, type PassStep } from '../../variant.ts';
import type { Rule } from '../examined.ts';

export const halfPrecisionOnCpu: Rule = ({ executed, stored, steps, situation }) => {
  if (!['cpu', 'wasm'].includes(situation.device)) return null;
  if (executed === null || stored === null) return unseen(steps);
  const halves = halfNodes(stored);
  if (halves === 0) return null;
  const casts = executed.node.filter(({ opType }) => opType === 'Cast').length;
  const take = halves === 1 ? 'takes float16 weights or casts' : 'take float16 weights or cast';
  return `${counted(halves, 'node')} ${take} to float16; casts at every call: ${casts}`;
};

/** Where there is no graph to look at. */
function unseen(steps: readonly PassStep[]): string | null {
  return steps.some(({ pass }) => kindOf(pass) === 'converts') ? 'weights and values become float16' : null;
}

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
