import type { Figure, Metric } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { classificationFault, probabilityFault, sumDoubts } from './classification-faults.ts';
import { type ClassCounts, classCounts, confusionMatrix } from './confusion.ts';
import { undefinedBecause, valued } from './figure.ts';
import {
  type Average,
  averaged,
  type ClassScore,
  fBeta,
  precision,
  presentClasses,
  recall,
} from './precision-recall.ts';
import { logLoss, logLosses } from './probability.ts';
import { rocAuc } from './roc.ts';
import { meanOf } from './sum.ts';

const shared = {
  task: 'classification',
  unit: '',
  oracle: 'scikit-learn 1.9.1',
  direction: 'higher-is-better',
  range: [0, 1],
} as const;

export const classificationMetrics: readonly Metric<'classification'>[] = [
  {
    ...shared,
    id: 'accuracy',
    label: 'Accuracy',
    formula: 'mean [p = y]',
    source: 'scikit-learn accuracy_score',
    compute: (given) => classificationFault(given) ?? valued(meanOf(hits(given), given.weights)),
    sampleScores: hits,
  },
  ...scoreOverClasses('precision', 'Precision', precision),
  ...scoreOverClasses('recall', 'Recall', recall),
  ...scoreOverClasses('f1', 'F1', fBeta(1)),
  {
    ...shared,
    id: 'roc-auc',
    label: 'ROC AUC',
    formula:
      'P(score of a positive > score of a negative), ties half; over 2 labels the mean of one against the rest',
    source: 'scikit-learn roc_auc_score (multi_class="ovr", average="macro")',
    compute: (given) => probabilityFault(given) ?? rocAucFigure(given),
  },
  {
    ...shared,
    id: 'log-loss',
    label: 'Log loss',
    unit: 'nats',
    direction: 'lower-is-better',
    range: [0, Infinity],
    formula: 'mean -ln p(y)',
    source: 'scikit-learn log_loss on float64',
    compute: (given) => probabilityFault(given) ?? valued(logLoss(withClasses(given)), logLossDoubts(given)),
    sampleScores: (given) => logLosses(withClasses(given)),
  },
];

function hits({ expected, predicted }: ClassificationPredictions): Float64Array {
  return Float64Array.from(expected, (label, sample) => (label === predicted[sample] ? 1 : 0));
}

function withClasses(given: ClassificationPredictions) {
  const { expected, probabilities, labels, weights } = given;
  return { expected, probabilities, classes: labels.length, sampleWeights: weights };
}

function scoreOverClasses(id: string, label: string, score: ClassScore): Metric<'classification'>[] {
  const source = `scikit-learn ${id}_score`;
  const averages = (['macro', 'micro', 'weighted'] as const).map((average) => ({
    ...shared,
    id: `${id}-${average}`,
    label: `${label} (${average})`,
    formula: `${average} mean of ${label} over the labels that occur`,
    source: `${source} (average="${average}")`,
    compute: (given: ClassificationPredictions) =>
      classificationFault(given) ?? averagedFigure(given, score, average),
  }));
  const binary = {
    ...shared,
    id: `${id}-binary`,
    label: `${label} (last label)`,
    formula: `${label} of the last of two labels`,
    source: `${source} (average="binary")`,
    compute: (given: ClassificationPredictions) => classificationFault(given) ?? binaryFigure(given, score),
  };
  return [...averages, binary];
}

function countsOf({ labels, expected, predicted, weights }: ClassificationPredictions): ClassCounts {
  return classCounts(
    confusionMatrix(expected, predicted, { classes: labels.length, sampleWeights: weights }),
  );
}

function averagedFigure(given: ClassificationPredictions, score: ClassScore, average: Average): Figure {
  const counts = countsOf(given);
  const doubts = average === 'micro' ? [] : divisionDoubts(given, counts, score);
  return valued(averaged(counts, score, { average }), doubts);
}

function binaryFigure(given: ClassificationPredictions, score: ClassScore): Figure {
  if (given.labels.length !== 2)
    return undefinedBecause(
      `a binary score needs 2 labels; found ${given.labels.length}; take the macro one`,
    );
  const counts = countsOf(given);
  const value = score(counts, NaN)[1]!;
  if (!Number.isNaN(value)) return valued(value);
  return valued(0, [`its denominator is 0: no sample is "${given.labels[1]!}", so it counts as 0`]);
}

function divisionDoubts(given: ClassificationPredictions, counts: ClassCounts, score: ClassScore): string[] {
  const scores = score(counts, NaN);
  const undefinedLabels = presentClasses(counts).filter((label) => Number.isNaN(scores[label]));
  if (undefinedLabels.length === 0) return [];
  const names = undefinedLabels.map((label) => `"${given.labels[label]!}"`).join(', ');
  return [`the score of label ${names} has a denominator of 0 and counts as 0`];
}

function rocAucFigure(given: ClassificationPredictions): Figure {
  const absent = given.labels.filter((_, label) => isConstant(positives(given, label)));
  if (absent.length > 0)
    return undefinedBecause(
      `ROC AUC needs samples with and samples without each label; not so for ${absent.map((label) => `"${label}"`).join(', ')}`,
    );
  const asked = given.labels.length === 2 ? [1] : [...given.labels.keys()];
  const areas = Float64Array.from(asked, (label) => oneAgainstRest(given, label));
  return valued(meanOf(areas), given.labels.length === 2 ? [] : sumDoubts(given));
}

function oneAgainstRest(given: ClassificationPredictions, label: number): number {
  const classes = given.labels.length;
  const scores = new Float64Array(given.ids.length);
  for (let sample = 0; sample < scores.length; sample++)
    scores[sample] = given.probabilities[sample * classes + label]!;
  return rocAuc({ isPositive: positives(given, label), scores, sampleWeights: given.weights });
}

function positives({ expected }: ClassificationPredictions, label: number): Uint8Array {
  return Uint8Array.from(expected, (index) => (index === label ? 1 : 0));
}

function isConstant(values: Uint8Array): boolean {
  return values.every((value) => value === values[0]);
}

function logLossDoubts(given: ClassificationPredictions): string[] {
  const { expected, probabilities, labels } = given;
  const clipped = expected.filter(
    (label, sample) => probabilities[sample * labels.length + label] === 0,
  ).length;
  const doubt = `${clipped} samples have probability 0 for their label and count as -ln 2^-52`;
  return clipped === 0 ? sumDoubts(given) : [doubt, ...sumDoubts(given)];
}
