import { normalQuantile } from '../../core/statistics/normal.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { withFlip } from './decisions.ts';

/** Trying more samples than this changes the typical effect of a flip little. */
const mostTried = 200;

/** An interval around an estimate, of a metric that moves one flip at a time. */
interface SteppedInterval {
  interval: Interval;
  estimate: number;
  /** What one flip changes, times the number of samples: 1 for accuracy. */
  flipEffect: number;
  samples: number;
}

/**
 * The interval with room for flips that the samples happen not to show, which no resampling of them can make up. Wilson's
 * and Tango's intervals have it built in: where a loss h comes from flips of one size, its variance is at least h times
 * that size, so the reach h of the interval solves h² = reach² + z² · effect · h / samples.
 */
export function allowForUnseenFlips({ interval, estimate, flipEffect, samples }: SteppedInterval): Interval {
  const z = normalQuantile((1 + interval.level) / 2);
  const half = (z * z * flipEffect) / (2 * samples);
  const widened = (reach: number): number => half + Math.hypot(half, reach);
  return {
    ...interval,
    low: estimate - widened(estimate - interval.low),
    high: estimate + widened(interval.high - estimate),
    method: `${interval.method} with unseen flips`,
  };
}

/** What one flip changes of a metric, times the number of samples: mean square over mean, as larger changes weigh more. */
export function flipEffect(metric: Metric, predictions: Predictions): number {
  const samples = predictions.ids.length;
  const step = Math.ceil(samples / mostTried);
  const value = metric.compute(predictions).value ?? NaN;
  let [sum, squares] = [0, 0];
  for (let sample = 0; sample < samples; sample += step) {
    const flipped = metric.compute(withFlip(predictions, sample)).value ?? value;
    const change = samples * Math.abs(flipped - value);
    sum += change;
    squares += change * change;
  }
  return sum === 0 ? 0 : squares / sum;
}
