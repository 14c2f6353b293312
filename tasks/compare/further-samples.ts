import { normalQuantile } from '../../core/statistics/normal.ts';
import { requiredSamples } from '../../core/statistics/sample-size.ts';
import type { Interval } from '../../core/verdict.ts';

/** An undecided loss: figures in the metric's unit, positive is worse. */
export interface UndecidedLoss {
  samples: number;
  estimate: number;
  interval: Interval;
  margin: number;
  /** What one flip changes, times the number of samples; 0 where the metric does not move one flip at a time. */
  flipEffect: number;
}

/** The chance that the samples asked for do decide, if the loss is what it seems. */
const power = 0.9;
const mostSamples = 1e9;

/**
 * How many further samples would decide a loss, were it exactly what it seems: within the margin where the estimate is,
 * else above 0. The reach h of the interval is taken to shrink as h² = z² · (variance + flip effect · h) / samples. Null where
 * it takes more than a thousand million.
 */
export function furtherSamples(loss: UndecidedLoss): number | null {
  const { samples, estimate, interval, margin, flipEffect } = loss;
  const mayPass = estimate <= margin;
  const distance = mayPass ? margin - estimate : estimate;
  const reach = mayPass ? interval.high - estimate : estimate - interval.low;
  const z = normalQuantile((1 + interval.level) / 2);
  const variance = Math.max(0, samples * (reach / z) ** 2 - flipEffect * reach);
  const forNoise = requiredSamples({ variance, distance, alpha: (1 - interval.level) / 2, power });
  const total = forNoise + Math.ceil((z * z * flipEffect) / distance);
  return total <= mostSamples ? Math.max(1, total - samples) : null;
}
