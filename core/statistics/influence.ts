import { mean } from './summary.ts';

/** What is known of the error of an estimate from what each independent unit, a sample or a cluster of them, adds to it. */
export interface Spread {
  units: number;
  /** Degrees of freedom of the standard error. */
  freedom: number;
  standardError: number;
  /** Skewness of the estimate: that of what the units add, over the root of their number. */
  skewness: number;
  /** Standard error of `skewness`. */
  skewnessError: number;
}

/** The spread of an estimate whose error is the sum of these influences, which themselves sum to 0. */
export function spreadOf(
  influences: Float64Array,
  { units, freedom }: Pick<Spread, 'units' | 'freedom'>,
): Spread {
  const standardError = Math.sqrt(sumOfPowers(influences, 2));
  if (standardError === 0) return { units, freedom, standardError, skewness: 0, skewnessError: 0 };
  const skewness = sumOfPowers(influences, 3) / standardError ** 3;
  const skewnessError = errorOfSkewness(influences, standardError, skewness);
  return { units, freedom, standardError, skewness, skewnessError };
}

function sumOfPowers(values: Float64Array, power: 2 | 3): number {
  let sum = 0;
  for (let unit = 0; unit < values.length; unit++) {
    const value = values[unit]!;
    sum += power === 2 ? value * value : value * value * value;
  }
  return sum;
}

/** Delta method: a value z in standard units moves the skewness g by z³ - 3 z - g - 3/2 g (z² - 1), over n. */
function errorOfSkewness(influences: Float64Array, standardError: number, skewness: number): number {
  const { length } = influences;
  const toStandard = Math.sqrt(length) / standardError;
  const ofUnits = skewness * Math.sqrt(length);
  let squares = 0;
  for (let unit = 0; unit < length; unit++) {
    const z = influences[unit]! * toStandard;
    const moved = z * z * z - 3 * z - ofUnits - 1.5 * ofUnits * (z * z - 1);
    squares += moved * moved;
  }
  return Math.sqrt(squares / length) / length;
}

/** What each value adds to the error of their mean. */
export function influencesOnMean(values: Float64Array): Float64Array {
  const { length } = values;
  const centre = mean(values);
  const influences = new Float64Array(length);
  for (let unit = 0; unit < length; unit++) influences[unit] = (values[unit]! - centre) / length;
  return influences;
}

/** Influences of n units made as large as n - 1 degrees of freedom ask for. */
export function inflated(influences: Float64Array): Float64Array {
  const { length } = influences;
  const factor = Math.sqrt(length / (length - 1));
  const larger = new Float64Array(length);
  for (let unit = 0; unit < length; unit++) larger[unit] = influences[unit]! * factor;
  return larger;
}

/**
 * What each unit adds to the error of a statistic, and the bias of the statistic, from its values with one unit left out at a time
 * (the jackknife: Quenouille 1956, Tukey 1958).
 */
export function jackknifed(value: number, without: Float64Array): { influences: Float64Array; bias: number } {
  const { length } = without;
  const centre = mean(without);
  const share = Math.sqrt((length - 1) / length);
  const influences = new Float64Array(length);
  for (let unit = 0; unit < length; unit++) influences[unit] = (centre - without[unit]!) * share;
  return { influences, bias: (length - 1) * (centre - value) };
}
