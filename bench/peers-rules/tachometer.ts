import { studentTQuantile } from '../../core/statistics/student-t.ts';
import { mean, sampleVariance } from '../../core/statistics/summary.ts';
import { interleaved } from './collect.ts';
import type { Collected, PeerRule } from './rule.ts';

/** Defaults of tachometer 0.7: `--sample-size`, and how many more a round of `--auto-sample` takes. */
const firstSamples = 50;
const samplesOfRound = 10;

/**
 * tachometer 0.7 (README, "Sample size", "Auto sampling" and "Confidence intervals"): samples in turn, 50 of each, then ten
 * more of each until the 95 % interval of the relative difference of means no longer holds the condition, 0 % by default,
 * or time is up. The interval takes the two as unpaired; the relative difference is by the delta method.
 */
export const tachometerRule: PeerRule = {
  name: 'tachometer: unpaired interval, auto-sampling at 0 %',
  processes: 1,
  flags: (recorded) => {
    const { baseline, variant } = interleaved(recorded);
    const most = baseline.length;
    for (let taken = Math.min(firstSamples, most); ; taken = Math.min(taken + samplesOfRound, most)) {
      const sample = { baseline: baseline.slice(0, taken), variant: variant.slice(0, taken) };
      const { low, high } = relativeDifference(sample);
      const isDecided = low > 0 || high < 0;
      if (isDecided || taken === most) return low > 0;
    }
  },
};

/** 95 % interval of (variant - baseline) / baseline. */
export function relativeDifference({ baseline, variant }: Collected): { low: number; high: number } {
  const [before, after] = [mean(baseline), mean(variant)];
  const [varianceBefore, varianceAfter] = [baseline, variant].map(
    (values) => sampleVariance(values) / values.length,
  ) as [number, number];
  const centre = (after - before) / before;
  const variance = (varianceAfter * before ** 2 + varianceBefore * after ** 2) / before ** 4;
  const freedom = Math.min(baseline.length, variant.length) - 1;
  const reach = studentTQuantile(0.975, freedom) * Math.sqrt(variance);
  return { low: centre - reach, high: centre + reach };
}
