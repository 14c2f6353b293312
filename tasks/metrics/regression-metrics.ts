import type { Figure, Metric } from '../metric.ts';
import type { RegressionPredictions } from '../predictions.ts';
import { regressionFault } from './regression-faults.ts';
import { undefinedBecause, valued } from './figure.ts';
import {
  absoluteErrors,
  meanAbsoluteError,
  meanSquaredError,
  r2,
  squaredErrors,
  variance,
} from './regression.ts';
import { meanOf } from './sum.ts';

const shared = { task: 'regression', unit: '', oracle: 'scikit-learn 1.9.1' } as const;
const error = { ...shared, direction: 'lower-is-better', range: [0, Infinity] } as const;

export const regressionMetrics: readonly Metric<'regression'>[] = [
  {
    ...error,
    id: 'mse',
    label: 'Mean squared error',
    formula: 'mean (y - p)^2',
    source: 'scikit-learn mean_squared_error',
    compute: (given) =>
      regressionFault(given) ?? valued(meanSquaredError(given.expected, given.predicted, weightsOf(given))),
    sampleScores: ({ expected, predicted }) => squaredErrors(expected, predicted),
  },
  {
    ...error,
    id: 'rmse',
    label: 'Root mean squared error',
    formula: 'sqrt(mean (y - p)^2)',
    source: 'scikit-learn root_mean_squared_error',
    compute: (given) =>
      regressionFault(given) ??
      valued(Math.sqrt(meanSquaredError(given.expected, given.predicted, weightsOf(given)))),
  },
  {
    ...error,
    id: 'mae',
    label: 'Mean absolute error',
    formula: 'mean |y - p|',
    source: 'scikit-learn mean_absolute_error',
    compute: (given) =>
      regressionFault(given) ?? valued(meanAbsoluteError(given.expected, given.predicted, weightsOf(given))),
    sampleScores: ({ expected, predicted }) => absoluteErrors(expected, predicted),
  },
  {
    ...shared,
    id: 'r2',
    label: 'R2',
    direction: 'higher-is-better',
    range: [-Infinity, 1],
    formula: '1 - sum (y - p)^2 / sum (y - mean y)^2',
    source: 'scikit-learn r2_score',
    compute: (given) => regressionFault(given) ?? r2Figure(given),
  },
];

function weightsOf({ weights }: RegressionPredictions) {
  return { sampleWeights: weights };
}

function r2Figure(given: RegressionPredictions): Figure {
  const value = r2(given.expected, given.predicted, weightsOf(given));
  if (Number.isNaN(value))
    return undefinedBecause('R2 compares samples with their mean: it needs 2; found 1');
  return valued(value, spreadDoubts(given));
}

/** Below this share of the mean, the spread of the expected values is what rounding leaves. */
const roundingSpread = 1e-12;

function spreadDoubts({ expected, weights }: RegressionPredictions): string[] {
  const mean = meanOf(expected, weights);
  if (Math.sqrt(variance(expected, weights)) > Math.abs(mean) * roundingSpread) return [];
  return [
    `the expected values are all ${mean}, so there is no spread to explain; read an error such as mae instead`,
  ];
}
