import { incompleteBeta } from './incomplete-beta.ts';

interface BinomialParameters {
  /** Trials. */
  n: number;
  /** Probability of success of one trial. */
  p: number;
}

/** P(X <= k) for X ~ Bin(n, p). Oracle: SciPy 1.17 `binom.cdf`. */
export function binomialCdf(k: number, { n, p }: BinomialParameters): number {
  const successes = Math.floor(k);
  if (successes < 0) return 0;
  if (successes >= n) return 1;
  return incompleteBeta({ x: 1 - p, y: p, a: n - successes, b: successes + 1 });
}

/** The smallest k with P(X <= k) >= probability, for X ~ Bin(n, p). */
export function binomialQuantile(probability: number, parameters: BinomialParameters): number {
  let [low, high] = [0, parameters.n];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binomialCdf(middle, parameters) >= probability) high = middle;
    else low = middle + 1;
  }
  return low;
}
