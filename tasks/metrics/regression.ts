import { numbers, sumOfSquaredLogarithms } from './logarithm.ts';
import { meanLossOf, type RowLoss } from './losses.ts';
import { medianOfErrors } from './median.ts';
import { type OutputOptions, overOutputs, type SingleOutput } from './outputs.ts';

/** A loss of each prediction of one output. */
export type Loss = (expected: Float64Array, predicted: Float64Array) => RowLoss;

/** A score of predictions: row-major [samples, outputs]. NaN or infinite input gives NaN or an infinite score. */
export type RegressionKernel = (
  expected: Float64Array,
  predicted: Float64Array,
  options?: OutputOptions,
) => number;

// Losses are summed as two sums side by side, as an addition waits some cycles for the one before it.

/** (y - p)^2 */
export const squaredError: Loss = (expected, predicted) => (start, end) => {
  let [even, odd] = [0, 0];
  for (let i = start; i < end - 1; i += 2) {
    even += squared(expected[i]!, predicted[i]!);
    odd += squared(expected[i + 1]!, predicted[i + 1]!);
  }
  return even + odd + (isOdd(end - start) ? squared(expected[end - 1]!, predicted[end - 1]!) : 0);
};

/** |y - p| */
export const absoluteError: Loss = (expected, predicted) => (start, end) => {
  let [even, odd] = [0, 0];
  for (let i = start; i < end - 1; i += 2) {
    even += Math.abs(expected[i]! - predicted[i]!);
    odd += Math.abs(expected[i + 1]! - predicted[i + 1]!);
  }
  return even + odd + (isOdd(end - start) ? Math.abs(expected[end - 1]! - predicted[end - 1]!) : 0);
};

/** |y - p| / max(|y|, 2^-52); says where |y| is less. */
export function absolutePercentageError(noteSmall: () => void = () => undefined): Loss {
  return (expected, predicted) => (start, end) => {
    let [sum, smallest] = [0, Infinity];
    for (let i = start; i < end; i++) {
      const size = Math.abs(expected[i]!);
      sum += Math.abs(expected[i]! - predicted[i]!) / Math.max(size, Number.EPSILON);
      if (size < smallest) smallest = size;
    }
    if (smallest < Number.EPSILON) noteSmall();
    return sum;
  };
}

/** 2 |y - p| / (|y| + |p|), and 0 where both are 0: from 0 to 2 */
export const symmetricPercentageError: Loss = (expected, predicted) => (start, end) => {
  let [even, odd] = [0, 0];
  for (let i = start; i < end - 1; i += 2) {
    even += halfShare(expected[i]!, predicted[i]!);
    odd += halfShare(expected[i + 1]!, predicted[i + 1]!);
  }
  return 2 * (even + odd + (isOdd(end - start) ? halfShare(expected[end - 1]!, predicted[end - 1]!) : 0));
};

/** 0 where both are 0, without a branch: 0 over the least number there is. */
function halfShare(expected: number, predicted: number): number {
  const size = Math.abs(expected) + Math.abs(predicted);
  return Math.abs(expected - predicted) / Math.max(size, Number.MIN_VALUE);
}

/** (ln(1 + y) - ln(1 + p))^2, from one logarithm, of the ratio; not finite where either is -1 or less. */
export const squaredLogError: Loss = (expected, predicted) => (start, end) => {
  let lowest = Infinity;
  for (let i = start; i < end; i++) {
    const value = 1 + expected[i]!;
    numbers[i - start] = value / (1 + predicted[i]!);
    if (value < lowest) lowest = value;
  }
  // The ratio of two that are negative would look sound.
  if (!(lowest > 0)) return NaN;
  const sum = sumOfSquaredLogarithms(end - start);
  return Number.isNaN(sum) ? logDifferences(expected, predicted, [start, end]) : sum;
};

/** Where a ratio is beyond the table of logarithms. */
function logDifferences(
  expected: Float64Array,
  predicted: Float64Array,
  [start, end]: readonly [number, number],
): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += (Math.log1p(expected[i]!) - Math.log1p(predicted[i]!)) ** 2;
  return sum;
}

/** alpha (y - p) where y >= p, else (1 - alpha) (p - y); as (alpha - 1/2) (y - p) + |y - p| / 2, which needs no branch */
export function pinball(alpha: number): Loss {
  const slope = alpha - 0.5;
  return (expected, predicted) => (start, end) => {
    let [even, odd] = [0, 0];
    for (let i = start; i < end - 1; i += 2) {
      even += tilted(slope, expected[i]! - predicted[i]!);
      odd += tilted(slope, expected[i + 1]! - predicted[i + 1]!);
    }
    return even + odd + (isOdd(end - start) ? tilted(slope, expected[end - 1]! - predicted[end - 1]!) : 0);
  };
}

function squared(expected: number, predicted: number): number {
  const error = expected - predicted;
  return error * error;
}

function tilted(slope: number, error: number): number {
  return slope * error + 0.5 * Math.abs(error);
}

function isOdd(count: number): boolean {
  return (count & 1) === 1;
}

/** Mean of a loss over samples, weighted, then over outputs (scikit-learn `multioutput="uniform_average"`). */
export function meanLoss(loss: Loss): RegressionKernel {
  return overOutputs((given) => meanOfLoss(loss, given));
}

/** Square root of the mean of a loss over samples, then the mean over outputs (scikit-learn `root_mean_squared_error`). */
export function rootMeanLoss(loss: Loss): RegressionKernel {
  return overOutputs((given) => Math.sqrt(meanOfLoss(loss, given)));
}

/** Median of |y - p| over samples, weighted, then the mean over outputs (scikit-learn `median_absolute_error`). */
export const medianAbsoluteError: RegressionKernel = overOutputs(medianOfErrors);

/** The largest |y - p| of one output (scikit-learn `max_error`); weights play no part. */
export const maxError: RegressionKernel = overOutputs(({ expected, predicted }) => {
  let [even, odd] = [0, Math.abs(expected.at(-1)! - predicted.at(-1)!)];
  for (let i = 0; i < expected.length - 1; i += 2) {
    even = Math.max(even, Math.abs(expected[i]! - predicted[i]!));
    odd = Math.max(odd, Math.abs(expected[i + 1]! - predicted[i + 1]!));
  }
  return Math.max(even, odd);
});

function meanOfLoss(loss: Loss, { expected, predicted, sampleWeights }: SingleOutput): number {
  return meanLossOf(expected.length, loss(expected, predicted), sampleWeights);
}
