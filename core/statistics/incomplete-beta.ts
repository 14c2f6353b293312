import { stirlingError } from './log-gamma.ts';

const tiny = 1e-300;
const precision = 1e-15;
const mostTerms = 1e6;

/** A point of the beta distribution with a, b > 0: `x` in [0, 1], and `y` = 1 - x, kept apart so that neither loses digits. */
interface BetaPoint {
  x: number;
  y: number;
  a: number;
  b: number;
}

/**
 * Regularised incomplete beta function I_x(a, b) by the continued fraction of DiDonato and Morris (1992), equation 9,
 * with the modified Lentz method. Oracle: SciPy 1.17 `betainc`.
 */
export function incompleteBeta({ x, y, a, b }: BetaPoint): number {
  if (!(a > 0 && b > 0)) throw new RangeError(`internal: incompleteBeta needs a, b > 0, found ${a} and ${b}`);
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const isBelowMean = a * y > b * x;
  return isBelowMean ? lowerTail({ x, y, a, b }) : 1 - lowerTail({ x: y, y: x, a: b, b: a });
}

function lowerTail(point: BetaPoint): number {
  return leadingFactor(point) / continuedFraction(point);
}

/** x^a y^b / B(a, b), written as a binomial term so that its large logarithms cancel before they are formed. */
function leadingFactor({ x, y, a, b }: BetaPoint): number {
  const total = a + b;
  const correction = stirlingError(total) - stirlingError(a) - stirlingError(b);
  const exponent = correction - deviance(a, total * x) - deviance(b, total * y);
  return Math.sqrt((a * b) / (2 * Math.PI * total)) * Math.exp(exponent);
}

/** observed · ln(observed / expected) + expected - observed. */
function deviance(observed: number, expected: number): number {
  const difference = (observed - expected) / (observed + expected);
  if (Math.abs(difference) > 0.1) return observed * Math.log(observed / expected) + expected - observed;
  return nearDeviance(observed, expected);
}

/** The same where the two terms nearly cancel: the series of ln((1 + v) / (1 - v)) in v. */
function nearDeviance(observed: number, expected: number): number {
  const v = (observed - expected) / (observed + expected);
  let sum = (observed - expected) * v;
  let term = 2 * observed * v;
  for (let odd = 3; ; odd += 2) {
    term *= v * v;
    const next = sum + term / odd;
    if (next === sum) return sum;
    sum = next;
  }
}

/** b₀ + a₁ / (b₁ + a₂ / (b₂ + ...)), evaluated from its start. */
function continuedFraction(point: BetaPoint): number {
  let fraction = nonZero(denominator(point, 0));
  let c = fraction;
  let d = 0;
  for (let m = 1; m < mostTerms; m++) {
    const b = denominator(point, m);
    const a = numerator(point, m);
    d = 1 / nonZero(b + a * d);
    c = nonZero(b + a / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < precision) return fraction;
  }
  throw new Error(`internal: incompleteBeta does not converge at ${JSON.stringify(point)}`);
}

function numerator({ x, a, b }: BetaPoint, m: number): number {
  const divisor = a + 2 * m - 1;
  return ((m * (a + m - 1)) / divisor) * ((a + b + m - 1) / divisor) * (b - m) * x * x;
}

function denominator({ x, y, a, b }: BetaPoint, m: number): number {
  // At m = 0 this is 0 / 0 for a = 1.
  const first = m === 0 ? 0 : (m * (b - m) * x) / (a + 2 * m - 1);
  return m + first + ((a + m) * (a * y - b * x + 1 + m * (2 - x))) / (a + 2 * m + 1);
}

function nonZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
