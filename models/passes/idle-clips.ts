import type { OnnxNode, OnnxTensor } from '../onnx/model.ts';
import { integerLimits, integerOf, type Affine } from './affine.ts';
import { floatsOf } from './weights.ts';

/**
 * Whether a node is a Clip whose result is cut at its bounds by becoming integers anyhow, though the last of them stand for a little more.
 * ONNX Runtime 1.30 loads no model that has such a one after a convolution.
 */
export function isIdleClip(
  { domain, opType, input }: OnnxNode,
  affine: Affine,
  constants: ReadonlyMap<string, OnnxTensor>,
): boolean {
  if (domain !== '' || opType !== 'Clip') return false;
  const boundAt = (index: number, otherwise: number): number => {
    const name = input[index] ?? '';
    const constant = constants.get(name);
    if (name === '') return otherwise;
    return constant === undefined ? NaN : (floatsOf(constant)[0] ?? NaN);
  };
  const [low, high] = [boundAt(1, -Infinity), boundAt(2, Infinity)];
  const { lowest, highest } = integerLimits[affine.type];
  const valueOf = (integer: number): number => Math.fround((integer - affine.zeroPoint) * affine.scale);
  const isInside = low > valueOf(lowest) || high < valueOf(highest);
  return isInside && integerOf(low, affine) === lowest && integerOf(high, affine) === highest;
}
