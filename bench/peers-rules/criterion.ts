import { createRandom, type Random } from '../../core/random.ts';
import { quantile, sortAscending } from '../../core/statistics/quantile.ts';
import { mean, sampleVariance } from '../../core/statistics/summary.ts';
import { meansOfRuns, separateRuns } from './collect.ts';
import type { Collected, PeerRule } from './rule.ts';

/** Defaults of criterion.rs 0.7, but for the resamples, of which it takes 100,000. */
const defaults = {
  samples: 100,
  significance: 0.05,
  confidence: 0.95,
  noiseThreshold: 0.01,
  resamples: 2000,
  seed: 1,
};

/**
 * criterion.rs 0.7 (book, "Analysis process": "Comparing functions" and "Noise threshold"): a hundred samples against those
 * that an earlier run saved. A change is reported when a bootstrapped t test of equal means has p < 0.05 and the 95 %
 * bootstrap interval of the relative change of the mean lies wholly beyond the noise threshold of 1 %. The recorded units
 * are dealt to the samples in flat mode, the same number to each.
 */
export const criterionRule: PeerRule = {
  name: 'criterion: bootstrap t test and 1 % noise threshold',
  processes: 2,
  flags: (recorded) => {
    const runs = separateRuns(recorded);
    const baseline = meansOfRuns(runs.baseline, defaults.samples);
    const variant = meansOfRuns(runs.variant, defaults.samples);
    const random = createRandom(defaults.seed);
    const low = lowestChange({ baseline, variant }, random);
    return low > defaults.noiseThreshold && tTestP({ baseline, variant }, random) < defaults.significance;
  },
};

/** Lower end of the percentile interval of mean(variant) / mean(baseline) - 1, both resampled. */
function lowestChange({ baseline, variant }: Collected, random: Random): number {
  const changes = Array.from(
    { length: defaults.resamples },
    () =>
      mean(resample(variant, variant.length, random)) / mean(resample(baseline, baseline.length, random)) - 1,
  );
  return quantile(sortAscending(changes), (1 - defaults.confidence) / 2);
}

/** Two-sided p of Welch's t among resamples of both samples pooled. */
function tTestP({ baseline, variant }: Collected, random: Random): number {
  const pooled = [...baseline, ...variant];
  const observed = welchT({ baseline, variant });
  let below = 0;
  for (let replicate = 0; replicate < defaults.resamples; replicate++) {
    const drawn = {
      baseline: resample(pooled, baseline.length, random),
      variant: resample(pooled, variant.length, random),
    };
    if (welchT(drawn) < observed) below++;
  }
  return (2 * Math.min(below, defaults.resamples - below)) / defaults.resamples;
}

function welchT({ baseline, variant }: Collected): number {
  const spread = [baseline, variant].reduce(
    (total, values) => total + sampleVariance(values) / values.length,
    0,
  );
  return (mean(variant) - mean(baseline)) / Math.sqrt(spread);
}

function resample(values: readonly number[], size: number, random: Random): number[] {
  return Array.from({ length: size }, () => values[random.below(values.length)] ?? NaN);
}
