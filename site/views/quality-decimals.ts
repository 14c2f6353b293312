import { decimalsFor, decimalsForDifferences } from './format.ts';
import type { Standing } from './standings.ts';

/** Decimals of a column of metrics and of their differences to the baseline; a value has those of the differences it explains. */
export function qualityDecimals(standings: readonly Standing[]): { value: number; difference: number } {
  const values = standings.flatMap(({ primary }) =>
    primary?.value == null ? [] : [{ value: primary.value, interval: primary.interval }],
  );
  const differences = standings.flatMap(({ quality }) =>
    quality === null ? [] : [{ value: quality.difference, interval: quality.interval }],
  );
  const difference = decimalsForDifferences(differences);
  return { value: Math.max(decimalsFor(values), difference), difference };
}
