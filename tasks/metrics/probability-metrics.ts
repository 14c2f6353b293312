import type { Figure, Metric } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { type Confidences, expectedCalibrationError } from './calibration.ts';
import { probabilityFault, sumDoubts } from './classification-faults.ts';
import { hitsOf } from './confusion.ts';
import type { MetricFamily } from './family.ts';
import { undefinedBecause, valued } from './figure.ts';
import { type LabelScores, overLabels, overPairs } from './label-scores.ts';
import {
  brierScore,
  type ClassProbabilities,
  logLoss,
  meanProbabilityLoss,
  probabilityLosses,
  topKMiss,
} from './probability.ts';
import { namedSamples } from './named-samples.ts';
import { averagePrecision, rocAuc } from './roc.ts';
import { hasInside } from './scan.ts';

type Given = ClassificationPredictions;

const shared = {
  task: 'classification',
  unit: '',
  oracle: 'scikit-learn 1.9.1',
  direction: 'higher-is-better',
  range: [0, 1],
} as const;
const loss = { ...shared, direction: 'lower-is-better' } as const;

/** Metrics of the probabilities of classes. */
export const probabilityMetrics: readonly Metric<'classification'>[] = [
  {
    ...shared,
    id: 'roc-auc',
    label: 'ROC AUC',
    formula:
      'P(score of a positive > score of a negative), ties half; beyond 2 labels the mean of each against the rest',
    source: 'scikit-learn roc_auc_score (multi_class="ovr", average="macro")',
    compute: (given) =>
      probabilityFault(given) ?? absentFault(given) ?? aucFigure(given, oneAgainstRest(given, 'macro')),
  },
  {
    ...shared,
    id: 'roc-auc-weighted',
    label: 'ROC AUC, labels by support',
    formula: 'mean of ROC AUC of each label against the rest, weighted by how often it is expected',
    source: 'scikit-learn roc_auc_score (multi_class="ovr", average="weighted")',
    compute: (given) =>
      probabilityFault(given) ?? oneLabelFault(given) ?? aucFigure(given, oneAgainstRest(given, 'weighted')),
  },
  {
    ...shared,
    id: 'roc-auc-micro',
    label: 'ROC AUC over all cells',
    formula: 'ROC AUC of the probabilities of all labels together',
    source: 'scikit-learn roc_auc_score (multi_class="ovr", average="micro")',
    compute: (given) => probabilityFault(given) ?? aucFigure(given, oneAgainstRest(given, 'micro')),
  },
  pairwiseAuc('macro', 'roc-auc-ovo', 'ROC AUC over pairs'),
  pairwiseAuc('weighted', 'roc-auc-ovo-weighted', 'ROC AUC over pairs, by share'),
  {
    ...shared,
    id: 'average-precision',
    label: 'Average precision',
    formula:
      'sum of (gain in recall) * precision over thresholds; beyond 2 labels the mean of each against the rest',
    source: 'scikit-learn average_precision_score (average="macro")',
    compute: (given) => probabilityFault(given) ?? averagePrecisionFigure(given),
  },
  {
    ...loss,
    id: 'log-loss',
    label: 'Log loss',
    unit: 'nats',
    range: [0, Infinity],
    formula: 'mean -ln p(y), p clipped to [2^-52, 1 - 2^-52]',
    source: 'scikit-learn log_loss on float64',
    compute: (given) =>
      probabilityFault(given) ??
      valued(meanProbabilityLoss(logLoss, withClasses(given)), logLossDoubts(given)),
    sampleScores: (given) => probabilityLosses(logLoss, withClasses(given)),
  },
  {
    ...loss,
    id: 'brier',
    label: 'Brier score',
    range: [0, 2],
    formula: 'mean over samples of sum over labels of (p - [label is y])^2, halved for 2 labels',
    source: 'scikit-learn brier_score_loss; Brier 1950',
    compute: (given) =>
      probabilityFault(given) ??
      valued(meanProbabilityLoss(brierScore, withClasses(given)), sumDoubts(given)),
    sampleScores: (given) => probabilityLosses(brierScore, withClasses(given)),
  },
  calibrationMetric(15, 'ece'),
];

/** Metrics of probabilities with a number in their id. */
export const probabilityFamilies: readonly MetricFamily<'classification'>[] = [
  {
    name: 'top-k-accuracy',
    accepts: 'a whole number of labels from 1',
    isAccepted: (k) => Number.isInteger(k) && k >= 1,
    metricOf: (k, id) => ({
      ...shared,
      id,
      label: `Top-${k} accuracy`,
      formula: `mean [y is among the ${k} most probable]`,
      source: 'scikit-learn top_k_accuracy_score',
      compute: (given) =>
        probabilityFault(given) ??
        valued(1 - meanProbabilityLoss(topKMiss(k), withClasses(given)), tooManyDoubts(given, k)),
      sampleScores: (given) => probabilityLosses(topKMiss(k), withClasses(given)).map((miss) => 1 - miss),
    }),
  },
  {
    name: 'ece',
    accepts: 'a whole number of bins from 1',
    isAccepted: (bins) => Number.isInteger(bins) && bins >= 1,
    metricOf: calibrationMetric,
  },
  {
    name: 'roc-auc-partial',
    accepts: 'a highest false positive rate above 0 and at most 1',
    isAccepted: (rate) => rate > 0 && rate <= 1,
    metricOf: (rate, id) => ({
      ...shared,
      id,
      label: `ROC AUC up to a false positive rate of ${rate}`,
      formula: 'area up to the rate, rescaled so that chance is 0.5 and perfect is 1',
      source: 'scikit-learn roc_auc_score (max_fpr); McClish 1989',
      compute: (given) => probabilityFault(given) ?? absentFault(given) ?? partialFigure(given, rate),
    }),
  },
];

function pairwiseAuc(average: 'macro' | 'weighted', id: string, label: string): Metric<'classification'> {
  return {
    ...shared,
    id,
    label,
    formula: 'mean over pairs of labels of ROC AUC within the pair, each way',
    source: `scikit-learn roc_auc_score (multi_class="ovo", average="${average}"); Hand & Till 2001`,
    compute: (given) =>
      probabilityFault(given) ??
      unweightedFault(given) ??
      oneLabelFault(given) ??
      pairsFigure(given, average),
  };
}

function calibrationMetric(bins: number, id: string): Metric<'classification'> {
  return {
    ...loss,
    id,
    label: `Expected calibration error (${bins} bins)`,
    formula: 'sum over bins of confidence of share * |accuracy - mean confidence|',
    source: 'Guo et al. 2017; bins as scikit-learn calibration_curve',
    compute: (given) =>
      probabilityFault(given) ?? valued(expectedCalibrationError(confidencesOf(given), { bins })),
  };
}

function withClasses({ expected, probabilities, labels, weights }: Given): ClassProbabilities {
  return { expected, probabilities, classes: labels.length, sampleWeights: weights };
}

function labelScores({ ids, labels, expected, probabilities, weights }: Given): LabelScores {
  return {
    samples: ids.length,
    labels: labels.length,
    flagsOf: (label) => flagsOfClass(expected, label),
    scores: probabilities,
    sampleWeights: weights,
  };
}

function flagsOfClass(expected: Int32Array, label: number): Uint8Array {
  const flags = new Uint8Array(expected.length);
  for (let sample = 0; sample < flags.length; sample++) flags[sample] = expected[sample] === label ? 1 : 0;
  return flags;
}

function oneAgainstRest(given: Given, average: 'macro' | 'weighted' | 'micro'): number {
  return given.labels.length === 2
    ? rocAuc(lastLabel(given))
    : overLabels(labelScores(given), rocAuc, average);
}

/** The question of two labels: is it the last? */
function lastLabel({ ids, expected, probabilities, weights }: Given) {
  const scores = new Float64Array(ids.length);
  const isPositive = new Uint8Array(ids.length);
  for (let sample = 0; sample < scores.length; sample++) {
    scores[sample] = probabilities[2 * sample + 1]!;
    isPositive[sample] = expected[sample]!;
  }
  return { isPositive, scores, sampleWeights: weights };
}

function aucFigure(given: Given, value: number): Figure {
  if (Number.isNaN(value)) return undefinedBecause('a label has no sample with weight, or no other has one');
  return valued(value, given.labels.length === 2 ? [] : sumDoubts(given));
}

function pairsFigure(given: Given, average: 'macro' | 'weighted'): Figure {
  const { expected, probabilities, labels } = given;
  return aucFigure(
    given,
    overPairs({ expected, scores: probabilities, labels: labels.length }, rocAuc, average),
  );
}

function partialFigure(given: Given, maxFalsePositiveRate: number): Figure {
  if (given.labels.length !== 2)
    return undefinedBecause(`a partial ROC AUC takes 2 labels; found ${given.labels.length}`);
  return aucFigure(given, rocAuc(lastLabel(given), { maxFalsePositiveRate }));
}

function averagePrecisionFigure(given: Given): Figure {
  const isBinary = given.labels.length === 2;
  const value = isBinary
    ? averagePrecision(lastLabel(given))
    : overLabels(labelScores(given), averagePrecision, 'macro');
  const absent = absentLabels(given).filter((label) => !isBinary || label === given.labels[1]);
  if (absent.length === 0) return valued(value);
  return valued(value, [`no sample is ${quoted(absent)}, whose average precision counts as 0`]);
}

function confidencesOf({ labels, expected, predicted, probabilities, weights }: Given): Confidences {
  const confidences = new Float64Array(expected.length);
  const columns = labels.length;
  for (let sample = 0; sample < confidences.length; sample++) {
    const end = (sample + 1) * columns;
    let highest = 0;
    for (let cell = sample * columns; cell < end; cell++) highest = Math.max(highest, probabilities[cell]!);
    confidences[sample] = highest;
  }
  return { confidences, hits: hitsOf(expected, predicted), sampleWeights: weights };
}

function absentLabels({ labels, expected }: Given): string[] {
  const isExpected = new Uint8Array(labels.length);
  for (let sample = 0; sample < expected.length; sample++) isExpected[expected[sample]!] = 1;
  return labels.filter((_, label) => isExpected[label] === 0);
}

function absentFault(given: Given): Figure | null {
  const absent = absentLabels(given);
  if (absent.length === 0 && given.labels.length > 1) return null;
  return undefinedBecause(
    `ROC AUC takes samples of 2 labels or more, all expected somewhere; no sample is ${quoted(absent)}`,
  );
}

function oneLabelFault(given: Given): Figure | null {
  if (given.labels.length - absentLabels(given).length > 1) return null;
  return undefinedBecause('ROC AUC takes samples of 2 labels or more; all are of one');
}

function unweightedFault({ weights }: Given): Figure | null {
  return weights === undefined ? null : undefinedBecause('ROC AUC over pairs takes no sample weights');
}

function logLossDoubts(given: Given): string[] {
  const { ids, expected, probabilities, labels } = given;
  const isClipped = (sample: number): boolean =>
    probabilities[sample * labels.length + expected[sample]!] === 0;
  if (!hasInside(probabilities, 0, 0)) return sumDoubts(given);
  const named = namedSamples(ids, isClipped);
  if (named === null) return sumDoubts(given);
  return [
    `the expected label has probability 0 in ${named}, which counts as -ln 2^-52 = 36.04`,
    ...sumDoubts(given),
  ];
}

function tooManyDoubts({ labels }: Given, k: number): string[] {
  return k < labels.length ? [] : [`it is 1 whatever is predicted: there are ${labels.length} labels`];
}

function quoted(labels: readonly string[]): string {
  return labels.map((label) => `"${label}"`).join(', ');
}
