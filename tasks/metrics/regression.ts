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

/** (y - p)^2 */
export const squaredError: Loss = (expected, predicted) => (start, end) => {
  let sum = 0;
  for (let i = start; i < end; i++) {
    const error = expected[i]! - predicted[i]!;
    sum += error * error;
  }
  return sum;
};

/** |y - p| */
export const absoluteError: Loss = (expected, predicted) => (start, end) => {
  let sum = 0;
  for (let i = start; i < end; i++) sum += Math.abs(expected[i]! - predicted[i]!);
  return sum;
};

/** |y - p| / max(|y|, 2^-52) */
export const absolutePercentageError: Loss = (expected, predicted) => (start, end) => {
  let sum = 0;
  for (let i = start; i < end; i++)
    sum += Math.abs(expected[i]! - predicted[i]!) / Math.max(Math.abs(expected[i]!), Number.EPSILON);
  return sum;
};

/** 2 |y - p| / (|y| + |p|), and 0 where both are 0: from 0 to 2 */
export const symmetricPercentageError: Loss = (expected, predicted) => (start, end) => {
  let sum = 0;
  for (let i = start; i < end; i++) {
    const error = Math.abs(expected[i]! - predicted[i]!);
    if (error !== 0) sum += 2 * (error / (Math.abs(expected[i]!) + Math.abs(predicted[i]!)));
  }
  return sum;
};

/** (ln(1 + y) - ln(1 + p))^2, from one logarithm of the ratio where that loses no digits: half the time */
export const squaredLogError: Loss = (expected, predicted) => (start, end) => {
  let sum = 0;
  for (let i = start; i < end; i++) {
    const y = expected[i]!;
    const p = predicted[i]!;
    const ratio = (y - p) / (1 + p);
    const error = p > -0.5 && ratio > -0.5 ? Math.log1p(ratio) : Math.log1p(y) - Math.log1p(p);
    sum += error * error;
  }
  return sum;
};

/** alpha (y - p) where y >= p, else (1 - alpha) (p - y); as (alpha - 1/2) (y - p) + |y - p| / 2, which needs no branch */
export function pinball(alpha: number): Loss {
  return (expected, predicted) => (start, end) => {
    let sum = 0;
    for (let i = start; i < end; i++) {
      const error = expected[i]! - predicted[i]!;
      sum += (alpha - 0.5) * error + 0.5 * Math.abs(error);
    }
    return sum;
  };
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
  let largest = 0;
  for (let i = 0; i < expected.length; i++)
    largest = Math.max(largest, Math.abs(expected[i]! - predicted[i]!));
  return largest;
});

function meanOfLoss(loss: Loss, { expected, predicted, sampleWeights }: SingleOutput): number {
  return meanLossOf(expected.length, loss(expected, predicted), sampleWeights);
}
