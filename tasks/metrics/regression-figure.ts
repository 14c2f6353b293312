import type { Figure } from '../metric.ts';
import type { RegressionPredictions } from '../predictions.ts';
import { undefinedBecause, valued } from './figure.ts';
import { type PairLoss, pairLosses } from './pair-losses.ts';
import type { RegressionKernel } from './regression.ts';
import { nonFiniteFault, shapeFault } from './regression-faults.ts';

/** What a metric asks of its data beyond numbers of the right shape. */
export interface Checks {
  refuse?: (given: RegressionPredictions) => Figure | null;
  /** Why there is no value, asked where the kernel has none: a search of all samples that good data is spared. */
  explain?: (given: RegressionPredictions) => Figure | null;
  doubt?: (given: RegressionPredictions) => string[];
}

/** A kernel's value. Samples are searched for numbers that are not finite only when the value shows that there are some. */
export function regressionFigure(
  given: RegressionPredictions,
  kernel: RegressionKernel,
  { refuse, explain, doubt }: Checks,
): Figure {
  const fault = shapeFault(given) ?? refuse?.(given) ?? null;
  if (fault !== null) return fault;
  const { expected, predicted, outputs, weights } = given;
  const value = kernel(expected, predicted, { outputs, sampleWeights: weights });
  if (Number.isFinite(value)) return valued(value, doubt?.(given) ?? []);
  return explain?.(given) ?? nonFiniteFault(given) ?? undefinedBecause('it is beyond the range of a number');
}

/** A loss of each sample: the mean over its outputs. */
export function sampleLosses(given: RegressionPredictions, loss: PairLoss): Float64Array {
  const { expected, predicted, outputs = 1 } = given;
  const losses = pairLosses(loss, expected, predicted);
  if (outputs === 1) return losses;
  return Float64Array.from({ length: losses.length / outputs }, (_, sample) => {
    const row = losses.subarray(sample * outputs, (sample + 1) * outputs);
    return row.reduce((sum, value) => sum + value, 0) / outputs;
  });
}
