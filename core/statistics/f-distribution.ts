import { incompleteBeta } from './incomplete-beta.ts';

/** P(F <= x) with the degrees of freedom of numerator and denominator. Oracle: SciPy 1.17 `f.cdf`. */
export function fCdf(x: number, numerator: number, denominator: number): number {
  if (x <= 0) return 0;
  const total = numerator * x + denominator;
  return incompleteBeta({
    x: (numerator * x) / total,
    y: denominator / total,
    a: numerator / 2,
    b: denominator / 2,
  });
}
