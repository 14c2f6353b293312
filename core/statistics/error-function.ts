const twoOverRootPi = 2 / Math.sqrt(Math.PI);

/** Below this the series needs fewer terms than the continued fraction. */
const seriesBelow = 2;

/** erf(x). Oracle: SciPy 1.17 `erf`. */
export function errorFunction(x: number): number {
  const magnitude = Math.abs(x);
  const value = magnitude < seriesBelow ? series(magnitude) : 1 - fraction(magnitude);
  return x < 0 ? -value : value;
}

/** erfc(x) = 1 - erf(x), to full relative precision where erfc is small. Oracle: SciPy 1.17 `erfc`. */
export function complementaryErrorFunction(x: number): number {
  if (x < -seriesBelow) return 2 - fraction(-x);
  return x < seriesBelow ? 1 - errorFunction(x) : fraction(x);
}

/** erf by DLMF 7.6.2: all terms are positive, so nothing cancels. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (2 * x * x) / odd;
    sum += term;
  }
  return twoOverRootPi * Math.exp(-x * x) * sum;
}

/** erfc by the continued fraction x + (1/2)/(x + 1/(x + (3/2)/(x + ...))), evaluated from its far end. */
function fraction(x: number): number {
  if (x > 27) return 0;
  let value = x;
  for (let k = 120; k >= 1; k--) value = x + k / 2 / value;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * value);
}
