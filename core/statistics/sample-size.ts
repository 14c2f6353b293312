import { normalQuantile } from './normal.ts';

/** A question about a mean: can `distance` be told from 0? */
interface SampleSizeQuestion {
  /** Variance of one sample's paired difference, e.g. the share of flips for 0/1 scores. */
  variance: number;
  /** From the true difference to the limit it must stay clear of, e.g. the margin; > 0. */
  distance: number;
  /** One-sided chance of a wrong decision. */
  alpha: number;
  /** Chance of the right decision. */
  power: number;
}

/** How many samples a one-sided decision takes: (z(1 - alpha) + z(power))² · variance / distance², rounded up. */
export function requiredSamples({ variance, distance, alpha, power }: SampleSizeQuestion): number {
  const deviations = normalQuantile(1 - alpha) + normalQuantile(power);
  return Math.ceil((deviations * deviations * variance) / (distance * distance));
}
