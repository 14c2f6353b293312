import type { OutputsComparison } from '../../results/consistency-schema.ts';
import type { Warning } from '../../results/warning-schema.ts';
import type { ConsistencyByVariant } from '../judge-consistency.ts';

/** Variants that do not compute the same here as on the reference target. */
export function consistencyDoubt(consistency: ConsistencyByVariant): Warning[] {
  const astray = [...consistency].filter(([, { isConsistent }]) => isConsistent === false);
  const [first] = astray;
  if (first === undefined) return [];
  const told = astray.map(([name, { toItself, tolerance }]) => `${name} ${howFar(toItself, tolerance)}`);
  const advice =
    'a kernel of this target computes something else: judge quality here, and look for fallbacks and for sums in low precision';
  const detail = `Outputs differ from those on ${first[1].reference}: ${told.join(', ')}.`;
  return [{ code: 'inconsistent-target', detail, advice }];
}

function howFar(comparison: OutputsComparison | null, tolerance: number): string {
  if (comparison === null) return '';
  const { relativeError, nonFinite, flips } = comparison;
  if (nonFinite > 0) return `in ${nonFinite} numbers that are not finite here`;
  if (relativeError !== null) return `by ${relativeError.toPrecision(2)} (up to ${tolerance} is the same)`;
  return `in ${((1 - (flips?.agreement ?? 1)) * 100).toFixed(1)} % of its decisions`;
}
