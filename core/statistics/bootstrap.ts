import { createRandom } from '../random.ts';
import type { Interval } from '../verdict.ts';
import { bcaProbabilities, type BootstrapDistribution } from './bca.ts';
import { normalCdf } from './normal.ts';
import { quantile, sortAscending } from './quantile.ts';
import { studentTQuantile } from './student-t.ts';
import { sampleVariance } from './summary.ts';

/** A statistic of `samples` samples; null where it is undefined on the ones at the indices. */
export interface ResampledStatistic {
  samples: number;
  compute: (indices: Int32Array) => number | null;
}

export interface BootstrapSettings {
  /**
   * `outer` takes at each end the farther bound of BCa and of the estimate ± t standard errors: the former is too short for
   * few samples with heavy tails, the latter on the long side of a skewed statistic.
   */
  method: 'percentile' | 'bca' | 'outer';
  replicates: number;
  seed: number;
}

/** More blocks than this change the acceleration little and cost one computation each. */
const mostJackknifeBlocks = 200;

/** With a larger share of undefined resamples the rest no longer stands for the samples. */
const mostUndefined = 0.1;

/**
 * Bootstrap intervals of a statistic over its samples, for any level. The bounds are moved out as far as Student's t lies outside the
 * normal, times sqrt(n / (n - 1)), without which few samples give intervals that are too short (Hesterberg 2015). Null
 * for fewer than two samples and where the statistic is undefined, or is so on over a tenth of the resamples.
 */
export function bootstrapIntervals(
  statistic: ResampledStatistic,
  settings: BootstrapSettings,
): ((level: number) => Interval) | null {
  const n = statistic.samples;
  if (n < 2) return null;
  const estimate = finite(statistic.compute(Int32Array.from({ length: n }, (_, index) => index)));
  const values = replicate(statistic, settings);
  if (estimate === null || values.length < (1 - mostUndefined) * settings.replicates) return null;
  const replicates = sortAscending(values);
  const jackknife = settings.method === 'percentile' ? [] : jackknifeOf(statistic);
  return (level) => {
    const z = Math.sqrt(n / (n - 1)) * studentTQuantile((1 + level) / 2, n - 1);
    const [low, high] = boundsBy[settings.method]({ estimate, replicates, jackknife }, z);
    return { low, high, level, method: describe(settings, replicates.length) };
  };
}

/** The interval of one level; see `bootstrapIntervals`. */
export function bootstrapInterval(
  statistic: ResampledStatistic,
  { level, ...settings }: BootstrapSettings & { level: number },
): Interval | null {
  return bootstrapIntervals(statistic, settings)?.(level) ?? null;
}

type Bounds = readonly [low: number, high: number];

const boundsBy = {
  percentile: ({ replicates }, z) => [
    quantile(replicates, normalCdf(-z)),
    quantile(replicates, normalCdf(z)),
  ],
  bca: bcaBounds,
  outer: (distribution, z) => {
    const [low, high] = bcaBounds(distribution, z);
    const reach = z * Math.sqrt(sampleVariance(distribution.replicates));
    return [Math.min(low, distribution.estimate - reach), Math.max(high, distribution.estimate + reach)];
  },
} satisfies Record<BootstrapSettings['method'], (distribution: BootstrapDistribution, z: number) => Bounds>;

function bcaBounds(distribution: BootstrapDistribution, z: number): Bounds {
  const [low, high] = bcaProbabilities(distribution, z);
  return [quantile(distribution.replicates, low), quantile(distribution.replicates, high)];
}

/** The statistic on each resample where it is defined. */
function replicate(
  { samples, compute }: ResampledStatistic,
  { replicates, seed }: BootstrapSettings,
): number[] {
  const random = createRandom(seed);
  const indices = new Int32Array(samples);
  const values: number[] = [];
  for (let count = 0; count < replicates; count++) {
    for (let index = 0; index < samples; index++) indices[index] = random.below(samples);
    const value = finite(compute(indices));
    if (value !== null) values.push(value);
  }
  return values;
}

/** The statistic without each of up to 200 blocks; sample i is in block i mod blocks. */
function jackknifeOf({ samples, compute }: ResampledStatistic): number[] {
  const blocks = Math.min(samples, mostJackknifeBlocks);
  return Array.from({ length: blocks }, (_, block) =>
    finite(compute(indicesWithout(samples, { block, blocks }))),
  ).filter((value) => value !== null);
}

function indicesWithout(samples: number, { block, blocks }: { block: number; blocks: number }): Int32Array {
  const indices = new Int32Array(samples);
  let kept = 0;
  for (let index = 0; index < samples; index++) if (index % blocks !== block) indices[kept++] = index;
  return indices.subarray(0, kept);
}

function finite(value: number | null): number | null {
  return Number.isFinite(value) ? value : null;
}

function describe({ method, replicates, seed }: BootstrapSettings, defined: number): string {
  const lost = defined === replicates ? '' : `, ${replicates - defined} undefined`;
  return `bootstrap-${method} (B=${replicates}, seed=${seed}${lost})`;
}
