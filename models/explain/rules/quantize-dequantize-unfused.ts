import { counted } from '../../../core/counted.ts';
import { changed } from '../../onnx/model.ts';
import { labelOf } from '../../onnx/node.ts';
import type { Rule } from '../examined.ts';
import { floatWork, makersIn, nodesIn } from '../graph-facts.ts';

export const quantizeDequantizeUnfused: Rule = ({ executed }) => {
  if (executed === null) return null;
  const makers = makersIn(executed);
  const unfused = nodesIn(executed, floatWork).filter(({ input }) =>
    input.slice(0, 2).some((name) => makers.get(name)?.opType === 'DequantizeLinear'),
  );
  const [first] = unfused;
  if (first === undefined) return null;
  // ONNX Runtime's fusions write it in front of a name, of none too.
  const called = labelOf(changed(first, { name: first.name.replace(/^fused /v, '') }));
  const read = unfused.length === 1 ? 'reads' : 'read';
  return `${counted(unfused.length, 'node')} (${first.opType} ${called}, for one) ${read} a DequantizeLinear at every call`;
};
