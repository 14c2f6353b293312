import type { Warning } from '../../results/warning-schema.ts';
import type { ConsistencyByVariant } from '../judge-consistency.ts';

/** Variants that do not compute the same here as on the reference target. */
export function consistencyDoubt(consistency: ConsistencyByVariant): Warning[] {
  const astray = [...consistency].filter(([, { isConsistent }]) => isConsistent === false);
  const [first] = astray;
  if (first === undefined) return [];
  const told = astray.map(([name, { toItself, tolerance }]) => {
    const error = toItself?.relativeError ?? 0;
    return `${name} by ${error.toPrecision(2)} (up to ${tolerance} is the same)`;
  });
  const advice =
    'a kernel of this target computes something else: judge quality here, and look for fallbacks and for sums in low precision';
  const detail = `Outputs differ from those on ${first[1].reference}: ${told.join(', ')}.`;
  return [{ code: 'inconsistent-target', detail, advice }];
}
