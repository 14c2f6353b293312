import { elementTypeNumbers } from '../../onnx/element-type.ts';
import type { OnnxGraph } from '../../onnx/model.ts';
import { readTensor } from '../../onnx/tensor.ts';
import type { Rule } from '../examined.ts';
import { nodesIn } from '../graph-facts.ts';
import { hasDotProduct } from '../situation.ts';

const integerProducts = [
  ...['ConvInteger', 'DynamicQuantizeMatMul', 'MatMulInteger', 'MatMulIntegerToFloat'],
  ...['QGemm', 'QLinearConv', 'QLinearMatMul'],
];
/** Two products of a uint8 and a weight within this fit into 16 bits. */
const safeWeight = 64;

export const maySaturate: Rule = ({ executed, situation }) => {
  const isX64 = situation.cpuFlags.includes('avx2');
  if (executed === null || situation.device !== 'cpu' || !isX64 || hasDotProduct(situation)) return null;
  const weights = int8Weights(executed);
  const found = nodesIn(executed, integerProducts).filter(({ input }) =>
    input.some((name) => weights.has(name)),
  );
  return found.length === 0 ? null : `${found.length} integer products have weights beyond ${safeWeight}`;
};

function int8Weights({ initializer }: OnnxGraph): Set<string> {
  const large = initializer.filter((tensor) => {
    if (tensor.dataType !== elementTypeNumbers.int8 || tensor.dims.length < 2) return false;
    const { data } = readTensor(tensor);
    return (data as Int8Array).some((value) => Math.abs(value) > safeWeight);
  });
  return new Set(large.map(({ name }) => name));
}
