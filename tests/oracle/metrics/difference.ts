import type { Answer } from './oracle-case.ts';

/** The bound a metric keeps to: difference from its oracle over max(1, |oracle|). */
export const tolerance = 1e-9;

/** How far an answer is from the oracle's, relative to max(1, |oracle|); Infinity where one has a value and the other none. */
export function differenceOf(ours: Answer, oracle: Answer): number {
  if (Array.isArray(oracle)) return listDifference(ours, oracle);
  if (typeof oracle === 'string' && !isInfinite(oracle)) return ours === oracle ? 0 : Infinity;
  const expected = isInfinite(oracle) ? null : oracle;
  if (typeof ours !== 'number' || typeof expected !== 'number') return ours === expected ? 0 : Infinity;
  return Math.abs(ours - expected) / Math.max(1, Math.abs(expected));
}

function listDifference(ours: Answer, oracle: readonly Answer[]): number {
  if (!Array.isArray(ours) || ours.length !== oracle.length) return Infinity;
  return Math.max(0, ...oracle.map((value, index) => differenceOf((ours as Answer[])[index] ?? null, value)));
}

/** Assay says of an overflow that there is no value. */
function isInfinite(answer: Answer): boolean {
  return answer === 'Infinity' || answer === '-Infinity';
}
