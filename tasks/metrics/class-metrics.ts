import * as z from 'zod';
import type { Figure, Metric } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { averagedScores, fBetaFamilies, type NamedScore } from './averaged-scores.ts';
import { balancedAccuracy, cohenKappa, matthewsCorrelation } from './agreement.ts';
import { absentDoubts, constantDoubts, fewDoubts, rareDoubts } from './class-doubts.ts';
import { binaryFigure, classesFigure } from './class-score-figures.ts';
import { classificationFault } from './classification-faults.ts';
import { accuracy, type ConfusionMatrix, confusionMatrix, hitsOf } from './confusion.ts';
import type { MetricFamily } from './family.ts';
import { configurable, listOption } from './metric-options.ts';
import { ofPositive } from './positive-option.ts';
import { undefinedBecause, valued } from './figure.ts';

type Given = ClassificationPredictions;

const shared = {
  task: 'classification',
  unit: '',
  oracle: 'scikit-learn 1.9.1',
  direction: 'higher-is-better',
  range: [0, 1],
  reads: 'decisions',
} as const;

const averages = ['macro', 'micro', 'weighted', 'binary'] as const;

/** Metrics of predicted classes. */
export const classMetrics: readonly Metric<'classification'>[] = [
  {
    ...shared,
    id: 'accuracy',
    label: 'Accuracy',
    formula: 'mean [p = y]',
    source: 'scikit-learn accuracy_score',
    compute: (given) => classificationFault(given) ?? valued(accuracyOf(given)),
    sampleScores: ({ expected, predicted }) => hitsOf(expected, predicted),
    countsSamples: true,
  },
  {
    ...shared,
    id: 'balanced-accuracy',
    label: 'Balanced accuracy',
    formula: 'mean recall of the labels that are expected',
    source: 'scikit-learn balanced_accuracy_score',
    compute: (given) => classificationFault(given) ?? balancedFigure(given),
  },
  {
    ...shared,
    id: 'hamming-loss',
    label: 'Hamming loss',
    direction: 'lower-is-better',
    formula: 'mean [p != y]',
    source: 'scikit-learn hamming_loss',
    compute: (given) => classificationFault(given) ?? valued(1 - accuracyOf(given)),
    sampleScores: ({ expected, predicted }) => hitsOf(expected, predicted).map((hit) => 1 - hit),
    countsSamples: true,
  },
  {
    ...shared,
    id: 'mcc',
    label: 'Matthews correlation',
    range: [-1, 1],
    formula: 'covariance of y and p / sqrt(variance of y * variance of p), 0 where either is constant',
    source: 'scikit-learn matthews_corrcoef; Gorodkin 2004',
    compute: (given) => classificationFault(given) ?? correlationFigure(given),
  },
  kappaMetric('none', 'cohen-kappa', "Cohen's kappa"),
  kappaMetric('linear', 'cohen-kappa-linear', "Cohen's kappa, linear weights"),
  kappaMetric('quadratic', 'cohen-kappa-quadratic', "Cohen's kappa, quadratic weights"),
  ...averagedScores(averages, classScoreMetric),
];

/** Metrics of predicted classes with a number in their id. */
export const classFamilies: readonly MetricFamily<'classification'>[] = fBetaFamilies(
  averages,
  classScoreMetric,
);

function kappaMetric(
  weights: 'none' | 'linear' | 'quadratic',
  id: string,
  label: string,
): Metric<'classification'> {
  return {
    ...shared,
    id,
    label,
    range: [-1, 1],
    formula: '1 - disagreement seen / disagreement by chance, over all labels in their order',
    source: `scikit-learn cohen_kappa_score (weights=${weights === 'none' ? 'None' : `"${weights}"`})`,
    compute: (given) => classificationFault(given) ?? agreementFigure(given, weights),
  };
}

function classScoreMetric(named: NamedScore, average: (typeof averages)[number]): Metric<'classification'> {
  return average === 'binary' ? ofPositive(binaryMetric(named)) : averagedMetric(named, average);
}

function binaryMetric({ id, label, oracleName, score, divisions }: NamedScore): Metric<'classification'> {
  return configurable(z.strictObject({ zeroDivision: divisions }), ({ zeroDivision }) => ({
    ...shared,
    id: `${id}-binary`,
    label: `${label} (last label)`,
    formula: `${label} of the last of two labels`,
    source: `scikit-learn ${oracleName} (average="binary")`,
    compute: (given) =>
      classificationFault(given) ?? binaryFigure(given, confusionOf(given), { score, zeroDivision }),
  }));
}

function averagedMetric(
  { id, label, oracleName, score, divisions }: NamedScore,
  average: 'macro' | 'micro' | 'weighted',
): Metric<'classification'> {
  const schema = z.strictObject({ labels: listOption.optional(), zeroDivision: divisions });
  return configurable(schema, (options) => ({
    ...shared,
    id: `${id}-${average}`,
    label: `${label} (${average})`,
    formula: `${average} mean of ${label} over the labels that occur`,
    source: `scikit-learn ${oracleName} (average="${average}")`,
    compute: (given) =>
      classificationFault(given) ?? classesFigure(given, confusionOf(given), { average, score, ...options }),
  }));
}

function correlationFigure(given: Given): Figure {
  const confusion = confusionOf(given);
  const meaning = 'a correlation with a constant is 0 by convention';
  const doubts = [...constantDoubts(confusion, meaning), ...rareDoubts(given, confusion)];
  return valued(matthewsCorrelation(confusion), doubts);
}

function agreementFigure(given: Given, weights: 'none' | 'linear' | 'quadratic'): Figure {
  const confusion = confusionOf(given);
  const kappa = cohenKappa(confusion, weights);
  if (Number.isNaN(kappa)) return undefinedBecause('only one label is expected or predicted');
  const meaning = 'chance alone agrees (nearly) as often as can be';
  return valued(kappa, [...constantDoubts(confusion, meaning), ...rareDoubts(given, confusion)]);
}

function balancedFigure(given: Given): Figure {
  const confusion = confusionOf(given);
  const doubts = [...absentDoubts(given, confusion), ...fewDoubts(given.labels, confusion.samples)];
  return valued(balancedAccuracy(confusion), doubts);
}

function confusionOf({ labels, expected, predicted, weights }: Given): ConfusionMatrix {
  return confusionMatrix(expected, predicted, { classes: labels.length, sampleWeights: weights });
}

function accuracyOf({ expected, predicted, weights }: Given): number {
  return accuracy(expected, predicted, { sampleWeights: weights });
}
