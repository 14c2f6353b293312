import type { Rule } from '../examined.ts';
import { workOf } from '../work.ts';

/** Below this, passes that are meant to be faster were slower (bench/explain/kernels.ts). */
const leastMultiplyAdds = 250_000;

export const tooSmallToGain: Rule = ({ baseline, steps }) => {
  if (baseline === null || steps.length === 0) return null;
  const multiplyAdds = baseline.nodes.reduce(
    (sum, node) => sum + node.runs * (workOf(node)?.multiplyAdds ?? 0),
    0,
  );
  if (multiplyAdds >= leastMultiplyAdds) return null;
  return `a call of the baseline takes ${multiplyAdds.toLocaleString('en')} multiply-adds`;
};
