const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** From here on eight terms of Stirling's series are exact to double precision. */
const asymptoticFrom = 15;

/** Coefficients B(2k) / (2k (2k - 1)) of Stirling's series in 1 / x. */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

/** ln Γ(x) for x > 0; absolute error below 1e-14 · max(1, |ln Γ(x)|). Oracle: SciPy 1.17 `gammaln`. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`internal: logGamma needs x > 0, found ${x}`);
  let shifted = x;
  let product = 1;
  for (; shifted < asymptoticFrom; shifted++) product *= shifted;
  return (
    (shifted - 0.5) * Math.log(shifted) - shifted + halfLogTwoPi + stirlingSeries(shifted) - Math.log(product)
  );
}

/**
 * ln Γ(x + 1) less Stirling's formula for it, x > 0: the small part that is left when the large parts of a binomial
 * term cancel (Loader 2000, "Fast and accurate computation of binomial probabilities").
 */
export function stirlingError(x: number): number {
  if (x >= asymptoticFrom) return stirlingSeries(x);
  return logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - halfLogTwoPi;
}

function stirlingSeries(x: number): number {
  const square = x * x;
  return stirling.reduceRight((sum, coefficient) => sum / square + coefficient, 0) / x;
}
