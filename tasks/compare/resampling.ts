import { bootstrapIntervals, type ResampledStatistic } from '../../core/statistics/bootstrap.ts';
import type { Interval } from '../../core/verdict.ts';

/** Up to here a computation is quick enough for twice the resamples. */
const fewSamples = 500;

/** Bootstrap over samples, with 2000 resamples of up to 500 samples and 1000 of more; null where it cannot be made. */
export function resamplingIntervals(
  statistic: ResampledStatistic,
  seed: number,
): ((level: number) => Interval) | null {
  const replicates = statistic.samples <= fewSamples ? 2000 : 1000;
  return bootstrapIntervals(statistic, { method: 'outer', replicates, seed });
}
