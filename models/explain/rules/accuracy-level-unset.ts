import { nodesIn } from '../graph-facts.ts';
import type { Rule } from '../examined.ts';
import { numberOf } from '../../onnx/model.ts';

/** At this level activations are rounded to int8; below it the kernel multiplies in float32. */
const integerLevel = 4;

export const accuracyLevelUnset: Rule = ({ executed, situation }) => {
  if (executed === null || situation.device !== 'cpu') return null;
  const products = nodesIn(executed, ['MatMulNBits']);
  const slow = products.filter(({ attribute }) => {
    const level = attribute.find(({ name }) => name === 'accuracy_level');
    return level === undefined || numberOf(level.i) !== integerLevel;
  });
  return slow.length === 0
    ? null
    : `${slow.length} of ${products.length} MatMulNBits nodes have no accuracy_level of 4`;
};
