import type { OnnxNode } from '../../onnx/model.ts';
import type { Rule } from '../examined.ts';
import { floatWork, makersIn, nodesIn } from '../graph-facts.ts';

/** Integer products that give floats. */
const toFloat = ['MatMulIntegerToFloat'];
/** What may lie between a product and its ranges: a bias, an activation. */
const between = ['Add', 'Clip', 'Gelu', 'LeakyRelu', 'Relu', 'Sigmoid'];
const longestChain = 4;

export const staticOutputNotQuantized: Rule = ({ executed }) => {
  if (executed === null) return null;
  const makers = makersIn(executed);
  const found = nodesIn(executed, ['QuantizeLinear']).filter(({ input }) =>
    isFloatResult(input[0] ?? '', makers),
  );
  if (found.length === 0) return null;
  return `${found.length} results of products are float32 and quantized again for the next one`;
};

/** Whether a value is the result of a product of integers, or of what was dequantized, after a bias and an activation at most. */
function isFloatResult(name: string, makers: ReadonlyMap<string, OnnxNode>): boolean {
  let maker = makers.get(name);
  for (let steps = 0; steps < longestChain && maker !== undefined; steps++) {
    if (toFloat.includes(maker.opType)) return true;
    const [first = '', second = ''] = maker.input;
    if (floatWork.includes(maker.opType)) return makers.get(first)?.opType === 'DequantizeLinear';
    if (!between.includes(maker.opType)) return false;
    // The other operand of an Add is the bias where it is a constant.
    maker = makers.get(first) ?? makers.get(second);
  }
  return false;
}
