import { counted } from '../../../core/counted.ts';
import { elementTypeNumbers } from '../../onnx/element-type.ts';
import type { OnnxGraph } from '../../onnx/model.ts';
import { readTensor } from '../../onnx/tensor.ts';
import type { PassStep } from '../../variant.ts';
import type { Rule } from '../examined.ts';
import { nodesIn } from '../graph-facts.ts';
import type { Profile } from '../profile.ts';
import { hasDotProduct } from '../situation.ts';
import { workOf } from '../work.ts';

const integerProducts = [
  ...['ConvInteger', 'DynamicQuantizeMatMul', 'MatMulInteger', 'MatMulIntegerToFloat'],
  ...['QGemm', 'QLinearConv', 'QLinearMatMul'],
];
/** Two products of a uint8 and a weight within this fit into 16 bits. */
const safeWeight = 64;

export const maySaturate: Rule = ({ executed, steps, situation, baseline }) => {
  const isX64 = situation.cpuFlags.includes('avx2');
  if (situation.device !== 'cpu' || !isX64 || hasDotProduct(situation)) return null;
  if (executed === null) return unseen(steps, baseline);
  const weights = int8Weights(executed);
  const found = nodesIn(executed, integerProducts).filter(({ input }) =>
    input.some((name) => weights.has(name)),
  );
  if (found.length === 0) return null;
  const have = found.length === 1 ? 'has' : 'have';
  return `${counted(found.length, 'integer product')} ${have} weights beyond ${safeWeight}`;
};

/** Where there is no graph to look at: weights take the whole of int8 unless a pass is told not to, if there are products at all. */
function unseen(steps: readonly PassStep[], baseline: Profile | null): string | null {
  const isFull = steps.some(({ parameters }) => parameters.reduceRange === false);
  const isWithoutProducts = baseline?.nodes.every((node) => workOf(node) === null) ?? false;
  if (!isFull || isWithoutProducts) return null;
  return `weights take the whole of int8: those of integer products may lie beyond ${safeWeight}`;
}

function int8Weights({ initializer }: OnnxGraph): Set<string> {
  const large = initializer.filter((tensor) => {
    if (tensor.dataType !== elementTypeNumbers.int8 || tensor.dims.length < 2) return false;
    const { data } = readTensor(tensor);
    return (data as Int8Array).some((value) => Math.abs(value) > safeWeight);
  });
  return new Set(large.map(({ name }) => name));
}
