import { elementTypeNumbers } from '../../onnx/element-type.ts';
import { stretchOf } from '../../onnx/external-data.ts';
import type { OnnxModel } from '../../onnx/model.ts';
import { floatsOf } from '../../passes/weights.ts';
import { kindOf, type PassStep } from '../../variant.ts';
import type { Rule } from '../examined.ts';

/** Fewer zeros come about by themselves. */
const leastShare = 0.3;

export const zerosOnDenseKernels: Rule = ({ stored, steps }) => {
  const { zeros, weights } = stored === null ? { zeros: 0, weights: 0 } : countZeros(stored);
  if (weights === 0 || zeros / weights < leastShare) return asMade(steps);
  return `${Math.round((100 * zeros) / weights)} % of the weights are zero`;
};

/** Where there is no graph to count in, or the zeros are fewer, in integers or in another file. */
function asMade(steps: readonly PassStep[]): string | null {
  return steps.some(({ pass }) => kindOf(pass) === 'zeroes weights') ? 'weights are set to zero' : null;
}

/** Of float32 matrices and kernels in the model's own file. */
function countZeros({ graph }: OnnxModel): { zeros: number; weights: number } {
  const counts = { zeros: 0, weights: 0 };
  for (const tensor of graph.initializer) {
    const isWeight = tensor.dataType === elementTypeNumbers.float32 && tensor.dims.length >= 2;
    if (!isWeight || stretchOf(tensor) !== null) continue;
    const values = floatsOf(tensor);
    counts.weights += values.length;
    counts.zeros += values.reduce((zeros, value) => (value === 0 ? zeros + 1 : zeros), 0);
  }
  return counts;
}
