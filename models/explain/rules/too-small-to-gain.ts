import { numberOf, type OnnxModel } from '../../onnx/model.ts';
import type { Examined, Rule } from '../examined.ts';
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

/** What to do in place of taking more samples a call, where the model takes a fixed number of them; null where it does not. */
export function fixedBatchAction({ stored }: Pick<Examined, 'stored'>): string | null {
  const samples = stored === null ? null : fixedBatchOf(stored);
  return samples === null
    ? null
    : `export the model for more than the ${samples === 1 ? 'one sample' : `${samples} samples`} a call that it takes, or keep the baseline`;
}

function fixedBatchOf({ graph }: OnnxModel): number | null {
  const stored = new Set(graph.initializer.map(({ name }) => name));
  const sizes = graph.input
    .filter(({ name }) => !stored.has(name))
    .map(({ type }) => numberOf(type?.tensorType?.shape?.dim[0]?.dimValue ?? 0));
  return sizes.find((size) => size > 0) ?? null;
}
