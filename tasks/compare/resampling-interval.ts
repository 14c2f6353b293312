import { bootstrapInterval, type ResampledStatistic } from '../../core/statistics/bootstrap.ts';
import type { Interval } from '../../core/verdict.ts';

export interface IntervalSettings {
  level: number;
  /** Of the resamples; the same seed gives the same interval. */
  seed: number;
}

/** Up to here a computation is quick enough for twice the resamples. */
const fewSamples = 500;

/** Bootstrap over samples, with 2000 resamples of up to 500 samples and 1000 of more. */
export function resamplingInterval(
  statistic: ResampledStatistic,
  { level, seed }: IntervalSettings,
): Interval | null {
  const replicates = statistic.samples <= fewSamples ? 2000 : 1000;
  return bootstrapInterval(statistic, { method: 'outer', replicates, seed, level });
}

/** The mean of the scores at some indices. */
export function meanAt(scores: Float64Array): (indices: Int32Array) => number {
  return (indices) => {
    let sum = 0;
    for (const index of indices) sum += scores[index]!;
    return sum / indices.length;
  };
}
