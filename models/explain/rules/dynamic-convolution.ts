import { counted } from '../../../core/counted.ts';
import type { Rule } from '../examined.ts';
import { nodesIn } from '../graph-facts.ts';

export const dynamicConvolution: Rule = ({ executed, situation }) => {
  if (executed === null || situation.device !== 'cpu') return null;
  const found = nodesIn(executed, ['ConvInteger']).length;
  return found === 0 ? null : counted(found, 'ConvInteger node');
};
