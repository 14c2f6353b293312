import { kernelsFor } from '../kernels/kernels.ts';
import { addressOf } from '../kernels/workspace.ts';
import { forEachBlock } from './blocks.ts';
import { meanOfLoss, type PairLoss } from './pair-losses.ts';
import { medianOfErrors } from './median.ts';
import { type OutputOptions, overOutputs } from './outputs.ts';

/** A score of predictions: row-major [samples, outputs]. NaN or infinite input gives NaN or an infinite score. */
export type RegressionKernel = (
  expected: Float64Array,
  predicted: Float64Array,
  options?: OutputOptions,
) => number;

/** (y - p)^2 */
export const squaredError: PairLoss = {
  of: (expected, predicted) => (expected - predicted) ** 2,
  sum: 'sumOfSquaredErrors',
};

/** |y - p| */
export const absoluteError: PairLoss = {
  of: (expected, predicted) => Math.abs(expected - predicted),
  sum: 'sumOfAbsoluteErrors',
};

/** |y - p| / max(|y|, 2^-52) */
export const absolutePercentageError: PairLoss = {
  of: (expected, predicted) => Math.abs(expected - predicted) / Math.max(Math.abs(expected), Number.EPSILON),
  sum: 'sumOfPercentageErrors',
};

/** 2 |y - p| / (|y| + |p|), and 0 where both are 0: from 0 to 2 */
export const symmetricPercentageError: PairLoss = {
  of: (expected, predicted) =>
    2 *
    (Math.abs(expected - predicted) / Math.max(Math.abs(expected) + Math.abs(predicted), Number.MIN_VALUE)),
  sum: 'sumOfSymmetricErrors',
};

/** (ln(1 + y) - ln(1 + p))^2; not finite where either is -1 or less. */
export const squaredLogError: PairLoss = {
  of: (expected, predicted) => (Math.log1p(expected) - Math.log1p(predicted)) ** 2,
  sum: 'sumOfSquaredLogErrors',
  within: [-1 + Number.EPSILON / 2, 2 ** 1000],
};

/** alpha (y - p) where y >= p, else (1 - alpha) (p - y); as (alpha - 1/2) (y - p) + |y - p| / 2, which needs no branch */
export function pinball(alpha: number): PairLoss {
  const slope = alpha - 0.5;
  return {
    of: (expected, predicted) => slope * (expected - predicted) + 0.5 * Math.abs(expected - predicted),
    sum: 'sumOfPinballErrors',
    option: slope,
  };
}

/** Mean of a loss over samples, weighted, then over outputs (scikit-learn `multioutput="uniform_average"`). */
export function meanLoss(loss: PairLoss): RegressionKernel {
  return overOutputs((given) => meanOfLoss(loss, given));
}

/** Square root of the mean of a loss over samples, then the mean over outputs (scikit-learn `root_mean_squared_error`). */
export function rootMeanLoss(loss: PairLoss): RegressionKernel {
  return overOutputs((given) => Math.sqrt(meanOfLoss(loss, given)));
}

/** Median of |y - p| over samples, weighted, then the mean over outputs (scikit-learn `median_absolute_error`). */
export const medianAbsoluteError: RegressionKernel = overOutputs(medianOfErrors);

/** The largest |y - p| of one output (scikit-learn `max_error`); weights play no part. */
export const maxError: RegressionKernel = overOutputs(({ expected, predicted }) => {
  const kernels = kernelsFor(expected);
  const [y, p] = [addressOf(kernels, expected, 0), addressOf(kernels, predicted, 1)];
  let largest = 0;
  forEachBlock(expected.length, (start, end) => {
    const ofBlock = kernels.compiled.largestAbsoluteError(y(start, end), p(start, end), end - start, 0);
    largest = Math.max(largest, ofBlock);
  });
  return largest;
});
