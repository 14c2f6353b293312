/** Holm's step-down adjustment: p values that keep the chance of any false alarm in the family. Oracle: statsmodels 0.15. */
export function holm(pValues: readonly number[]): number[] {
  const ascending = pValues.map((p, index) => ({ p, index })).sort((first, second) => first.p - second.p);
  const adjusted = new Array<number>(pValues.length);
  let floor = 0;
  for (const [rank, { p, index }] of ascending.entries()) {
    floor = Math.max(floor, Math.min(1, p * (pValues.length - rank)));
    adjusted[index] = floor;
  }
  return adjusted;
}
