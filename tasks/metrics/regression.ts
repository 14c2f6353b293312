import { meanOf, sumInBlocks, sumOf } from './sum.ts';

/** Options of a regression kernel: one weight a sample, none negative. */
export interface RegressionOptions {
  sampleWeights?: Float64Array | undefined;
}

/** Mean of (expected - predicted)^2, weighted by sample (scikit-learn `mean_squared_error`). */
export function meanSquaredError(
  expected: Float64Array,
  predicted: Float64Array,
  { sampleWeights }: RegressionOptions = {},
): number {
  if (sampleWeights !== undefined) return meanOf(squaredErrors(expected, predicted), sampleWeights);
  return sumInBlocks(expected.length, squaredErrorSum(expected, predicted)) / expected.length;
}

/** Mean of |expected - predicted|, weighted by sample (scikit-learn `mean_absolute_error`). */
export function meanAbsoluteError(
  expected: Float64Array,
  predicted: Float64Array,
  { sampleWeights }: RegressionOptions = {},
): number {
  return meanOf(absoluteErrors(expected, predicted), sampleWeights);
}

/**
 * 1 - sum w (expected - predicted)^2 / sum w (expected - mean)^2 (scikit-learn `r2_score`): 1 where every error is 0, 0 where
 * only the expected values are constant, NaN for fewer than two samples.
 */
export function r2(
  expected: Float64Array,
  predicted: Float64Array,
  { sampleWeights }: RegressionOptions = {},
): number {
  if (expected.length < 2) return NaN;
  const residual = meanSquaredError(expected, predicted, { sampleWeights });
  const spread = variance(expected, sampleWeights);
  if (residual === 0) return 1;
  return spread === 0 ? 0 : 1 - residual / spread;
}

/** (expected - predicted)^2 of each element. */
export function squaredErrors(expected: Float64Array, predicted: Float64Array): Float64Array {
  const errors = new Float64Array(expected.length);
  for (let i = 0; i < errors.length; i++) {
    const error = expected[i]! - predicted[i]!;
    errors[i] = error * error;
  }
  return errors;
}

/** |expected - predicted| of each element. */
export function absoluteErrors(expected: Float64Array, predicted: Float64Array): Float64Array {
  const errors = new Float64Array(expected.length);
  for (let i = 0; i < errors.length; i++) errors[i] = Math.abs(expected[i]! - predicted[i]!);
  return errors;
}

/** Mean squared distance to the mean, weighted by sample. */
export function variance(values: Float64Array, sampleWeights?: Float64Array): number {
  const mean = meanOf(values, sampleWeights);
  const squares = values.map((value) => (value - mean) ** 2);
  return sampleWeights === undefined ? sumOf(squares) / squares.length : meanOf(squares, sampleWeights);
}

function squaredErrorSum(expected: Float64Array, predicted: Float64Array) {
  return (start: number, end: number): number => {
    let sum = 0;
    for (let i = start; i < end; i++) {
      const error = expected[i]! - predicted[i]!;
      sum += error * error;
    }
    return sum;
  };
}
