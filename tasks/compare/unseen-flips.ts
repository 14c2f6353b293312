import { normalQuantile } from '../../core/statistics/normal.ts';
import type { Interval } from '../../core/verdict.ts';
import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { withAllExchanged, withOneFrom } from './exchanged.ts';
import { sampleSums, sumAt } from './sample-sums.ts';

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
  const changes = changesByFlip(metric, predictions);
  const sum = changes.reduce((total, change) => total + change, 0);
  const squares = changes.reduce((total, change) => total + change * change, 0);
  return sum === 0 ? 0 : squares / sum;
}

function changesByFlip(metric: Metric, predictions: Predictions): number[] {
  const samples = predictions.ids.length;
  const value = metric.compute(predictions).value ?? NaN;
  const flipped = flippedMetric(metric, predictions);
  const step = Math.ceil(samples / mostTried);
  return Array.from({ length: Math.ceil(samples / step) }, (_, index) => flipped(index * step) ?? value).map(
    (changed) => samples * Math.abs(changed - value),
  );
}

/** The metric as it would be with one sample decided otherwise. */
function flippedMetric(metric: Metric, predictions: Predictions): (sample: number) => number | null {
  const others = withAllExchanged(predictions);
  const [sums, otherSums] = [sampleSums(metric, predictions), sampleSums(metric, others)];
  // Sums by what occurs, such as types of entities, may lack some of it where outputs are exchanged.
  if (sums === null || otherSums?.width !== sums.width)
    return (sample) => metric.compute(withOneFrom(predictions, others, sample)).value;
  const total = sumAt(sums, Int32Array.from(predictions.ids.keys()));
  return (sample) => {
    const [own, other] = [sumAt(sums, Int32Array.of(sample)), sumAt(otherSums, Int32Array.of(sample))];
    return sums.metricOf(total.map((sum, column) => sum + other[column]! - own[column]!));
  };
}
