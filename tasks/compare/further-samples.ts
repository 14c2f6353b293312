import { normalQuantile } from '../../core/statistics/normal.ts';
import { requiredSamples } from '../../core/statistics/sample-size.ts';
import type { Interval } from '../../core/verdict.ts';

/** An undecided loss: figures in the metric's unit, positive is worse. */
export interface UndecidedLoss {
  samples: number;
  estimate: number;
  interval: Interval;
  margin: number;
}

/** The chance that the samples asked for do decide, if the loss is what it seems. */
const power = 0.9;
const mostSamples = 1e9;

/**
 * How many further samples would decide a loss, were it exactly what it seems: within the margin where the estimate is,
 * else above 0. Null where that takes more than a thousand million.
 */
export function furtherSamples({ samples, estimate, interval, margin }: UndecidedLoss): number | null {
  const distance = estimate <= margin ? margin - estimate : estimate;
  const deviations = 2 * normalQuantile((1 + interval.level) / 2);
  const variance = samples * ((interval.high - interval.low) / deviations) ** 2;
  const total = requiredSamples({ variance, distance, alpha: (1 - interval.level) / 2, power });
  return total <= mostSamples ? Math.max(1, total - samples) : null;
}
