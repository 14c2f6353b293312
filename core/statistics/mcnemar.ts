import { binomialCdf } from './binomial.ts';

/**
 * Two-sided p of McNemar's test that neither kind of discordant pair is the commoner; `exact` never exceeds its nominal
 * level, `midP` (Fagerland, Lydersen and Laake 2013) is less conservative. Oracle: SciPy 1.17 `binomtest`.
 */
export function mcnemar(onlyBaseline: number, onlyVariant: number): { exact: number; midP: number } {
  const binomial = { n: onlyBaseline + onlyVariant, p: 0.5 };
  const fewer = Math.min(onlyBaseline, onlyVariant);
  if (binomial.n === 0) return { exact: 1, midP: 1 };
  const atMost = binomialCdf(fewer, binomial);
  const below = binomialCdf(fewer - 1, binomial);
  return { exact: Math.min(1, 2 * atMost), midP: Math.min(1, atMost + below) };
}
