import type { Figure, Metric, SampleSums } from '../metric.ts';
import type { RegressionPredictions } from '../predictions.ts';
import { assembled, explainedVariance, r2 } from './explained.ts';
import type { MetricFamily } from './family.ts';
import { perOutput } from './output-option.ts';
import type { PairLoss } from './pair-losses.ts';
import {
  absoluteError,
  absolutePercentageError,
  maxError,
  meanLoss,
  medianAbsoluteError,
  pinball,
  type RegressionKernel,
  rootMeanLoss,
  squaredError,
  squaredLogError,
  symmetricPercentageError,
} from './regression.ts';
import { spreadDoubts, zeroDoubts } from './regression-doubts.ts';
import { logFault, oneSampleFault, outputsFault } from './regression-faults.ts';
import { type Checks, regressionFigure, sampleLosses } from './regression-figure.ts';
import { explainedSums, rootMeanSums } from './regression-sums.ts';

const error = {
  task: 'regression',
  unit: '',
  direction: 'lower-is-better',
  range: [0, Infinity],
  oracle: 'scikit-learn 1.9.1',
  reads: 'values',
} as const;
/** In the unit of the values. */
const distance = { ...error, unitOf: ({ unit = '' }: RegressionPredictions) => unit };
const square = { ...error, unitOf: ({ unit = '' }: RegressionPredictions) => squared(unit) };
const share = { ...error, direction: 'higher-is-better', range: [-Infinity, 1] } as const;
const logChecks: Checks = { explain: logFault };
const byVariance = { multioutput: 'variance-weighted' } as const;
const shareChecks: Checks = { refuse: oneSampleFault, doubt: spreadDoubts };

const plainMetrics: readonly Metric<'regression'>[] = [
  {
    ...square,
    id: 'mse',
    label: 'Mean squared error',
    formula: 'mean (y - p)^2',
    source: 'scikit-learn mean_squared_error',
    ...meanOf(squaredError),
  },
  {
    ...distance,
    id: 'rmse',
    label: 'Root mean squared error',
    formula: 'sqrt(mean (y - p)^2)',
    source: 'scikit-learn root_mean_squared_error',
    ...rootMeanOf(squaredError),
  },
  {
    ...distance,
    id: 'mae',
    label: 'Mean absolute error',
    formula: 'mean |y - p|',
    source: 'scikit-learn mean_absolute_error',
    ...meanOf(absoluteError),
  },
  {
    ...distance,
    id: 'median-ae',
    label: 'Median absolute error',
    formula: 'median |y - p|',
    source: 'scikit-learn median_absolute_error',
    ...scoredBy(medianAbsoluteError),
    needsBootstrap: true,
  },
  {
    ...error,
    id: 'mape',
    label: 'Mean absolute percentage error (1 is 100 %)',
    formula: 'mean |y - p| / max(|y|, 2^-52)',
    source: 'scikit-learn mean_absolute_percentage_error',
    ...meanOf(absolutePercentageError),
    compute: percentageFigure,
  },
  {
    ...error,
    id: 'smape',
    label: 'Symmetric mean absolute percentage error (0 to 2)',
    range: [0, 2],
    oracle: 'NumPy 2.4.6 (definition)',
    formula: 'mean 2 |y - p| / (|y| + |p|), 0 where both are 0',
    source: 'Makridakis & Hibon 2000, The M3-Competition, as a fraction',
    ...meanOf(symmetricPercentageError),
  },
  {
    ...error,
    id: 'msle',
    label: 'Mean squared log error',
    formula: 'mean (ln(1 + y) - ln(1 + p))^2',
    source: 'scikit-learn mean_squared_log_error',
    ...meanOf(squaredLogError, logChecks),
  },
  {
    ...error,
    id: 'rmsle',
    label: 'Root mean squared log error',
    formula: 'sqrt(mean (ln(1 + y) - ln(1 + p))^2)',
    source: 'scikit-learn root_mean_squared_log_error',
    ...rootMeanOf(squaredLogError, logChecks),
  },
  {
    ...distance,
    id: 'max-error',
    label: 'Largest error',
    formula: 'max |y - p|',
    source: 'scikit-learn max_error',
    noInterval:
      'The largest error has no interval: resamples hold no error above the largest seen, however many samples there are (the bootstrap of a maximum is inconsistent).',
    ...scoredBy(maxError, { refuse: outputsFault }),
  },
  {
    ...share,
    id: 'r2',
    label: 'R2',
    formula: '1 - sum (y - p)^2 / sum (y - mean y)^2, mean over outputs',
    source: 'scikit-learn r2_score',
    ...scoredBy(r2, shareChecks),
    sampleSums: (given) => explainedSums(given, assembled, { isCentred: false }),
  },
  {
    ...share,
    id: 'r2-variance-weighted',
    label: 'R2, outputs weighted by variance',
    formula: 'mean over outputs of R2, weighted by sum (y - mean y)^2',
    source: 'scikit-learn r2_score (multioutput="variance_weighted")',
    ...scoredBy((y, p, options) => r2(y, p, { ...options, ...byVariance }), shareChecks),
    sampleSums: (given) =>
      explainedSums(given, (parts) => assembled(parts, byVariance), { isCentred: false }),
  },
  {
    ...share,
    id: 'explained-variance',
    label: 'Explained variance',
    formula: '1 - variance of (y - p) / variance of y, mean over outputs',
    source: 'scikit-learn explained_variance_score',
    ...scoredBy(explainedVariance, shareChecks),
    sampleSums: (given) => explainedSums(given, assembled, { isCentred: true }),
  },
];

/** Metrics of numbers, over all outputs or of one of them. */
export const regressionMetrics: readonly Metric<'regression'>[] = plainMetrics.map(perOutput);

/** Regression metrics with a number in their id. */
export const regressionFamilies: readonly MetricFamily<'regression'>[] = [
  {
    name: 'pinball',
    option: 'quantile',
    accepts: 'a quantile from 0 to 1',
    isAccepted: (alpha) => alpha >= 0 && alpha <= 1,
    metricOf: (alpha, id) =>
      perOutput({
        ...distance,
        id,
        label: `Pinball loss at quantile ${alpha}`,
        formula: 'mean of a (y - p) where y >= p, else (1 - a) (p - y)',
        source: 'scikit-learn mean_pinball_loss',
        ...meanOf(pinball(alpha)),
      }),
  },
];

/** `mpg²`, `(km/h)²`; nothing of nothing. */
function squared(unit: string): string {
  if (unit === '') return '';
  return /^\p{L}+$/u.test(unit) ? `${unit}²` : `(${unit})²`;
}

function scoredBy(kernel: RegressionKernel, checks: Checks = {}) {
  return { compute: (given: RegressionPredictions): Figure => regressionFigure(given, kernel, checks) };
}

/** Looks for expected values of 0 in each block as it is summed: another reading of all takes a fifth longer. */
function percentageFigure(given: RegressionPredictions): Figure {
  let mayBeSmall = given.weights !== undefined;
  const found = (): void => {
    mayBeSmall = true;
  };
  const range = [-Number.EPSILON, Number.EPSILON] as const;
  return regressionFigure(given, meanLoss({ ...absolutePercentageError, note: { range, found } }), {
    doubt: () => (mayBeSmall ? zeroDoubts(given) : []),
  });
}

function rootMeanOf(loss: PairLoss, checks: Checks = {}) {
  return {
    ...scoredBy(rootMeanLoss(loss), checks),
    sampleSums: (given: RegressionPredictions): SampleSums => rootMeanSums(given, loss),
  };
}

function meanOf(loss: PairLoss, checks: Checks = {}) {
  return {
    ...scoredBy(meanLoss(loss), checks),
    sampleScores: (given: RegressionPredictions): Float64Array => sampleLosses(given, loss),
  };
}
