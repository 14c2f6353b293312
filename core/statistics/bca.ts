import { normalCdf, normalQuantile } from './normal.ts';
import { type Sorted } from './quantile.ts';
import { mean } from './summary.ts';

/** What a bootstrap has gathered about a statistic. */
export interface BootstrapDistribution {
  /** The statistic on the samples as they are. */
  estimate: number;
  /** The statistic on each resample. */
  replicates: Sorted;
  /** The statistic with each sample, or block of samples, left out. */
  jackknife: readonly number[];
}

/**
 * The two probabilities whose quantiles of the replicates bound a bias-corrected and accelerated interval (Efron 1987);
 * `z` is the normal quantile that would bound it were the statistic normal. Oracle: SciPy 1.17 `bootstrap(method="BCa")`.
 */
export function bcaProbabilities(distribution: BootstrapDistribution, z: number): readonly [number, number] {
  const bias = normalQuantile(shareBelowEstimate(distribution));
  const skew = acceleration(distribution.jackknife);
  return [adjust(-z, bias, skew), adjust(z, bias, skew)];
}

/** Ties count one half; kept off 0 and 1, which have no normal quantile. */
function shareBelowEstimate({ estimate, replicates }: BootstrapDistribution): number {
  const below = replicates.filter((value) => value < estimate).length;
  const notAbove = replicates.filter((value) => value <= estimate).length;
  const half = 0.5 / replicates.length;
  return Math.min(1 - half, Math.max(half, (below + notAbove) / (2 * replicates.length)));
}

/** One sixth of the skewness of the influence of single samples; 0 where they have none. */
function acceleration(jackknife: readonly number[]): number {
  // It has no scale, and cubes of large numbers are infinite.
  const scale = jackknife.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scaled = scale === 0 ? jackknife : jackknife.map((value) => value / scale);
  const centre = mean(scaled);
  const deviations = scaled.map((value) => centre - value);
  const squares = deviations.reduce((sum, deviation) => sum + deviation ** 2, 0);
  const cubes = deviations.reduce((sum, deviation) => sum + deviation ** 3, 0);
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

function adjust(z: number, bias: number, skew: number): number {
  const shifted = bias + z;
  const scale = 1 - skew * shifted;
  // Past the pole of the adjustment there is nothing further out than the outermost replicate.
  if (scale <= 0) return z < 0 ? 0 : 1;
  return normalCdf(bias + shifted / scale);
}
