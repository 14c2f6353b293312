import type { Figure, Metric } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { probabilitiesOf, probabilityFigure } from './classification-faults.ts';
import { againstRestQuestions, pairQuestions } from './auc-questions.ts';
import type { MetricFamily } from './family.ts';
import { undefinedBecause, valued } from './figure.ts';
import { type LabelScores, oneHot, overLabels, overPairs } from './label-scores.ts';
import { averagePrecision, type BinaryScores, rocAuc } from './roc.ts';

type Given = ClassificationPredictions;
type Doubts = readonly string[];

const shared = {
  task: 'classification',
  unit: '',
  oracle: 'scikit-learn 1.9.1',
  direction: 'higher-is-better',
  range: [0, 1],
  reads: 'ranks',
} as const;

/** Metrics of how well probabilities rank the labels. */
export const aucMetrics: readonly Metric<'classification'>[] = [
  {
    ...shared,
    id: 'roc-auc',
    label: 'ROC AUC',
    formula:
      'P(score of a positive > score of a negative), ties half; beyond 2 labels the mean of each against the rest',
    source: 'scikit-learn roc_auc_score (multi_class="ovr", average="macro")',
    compute: (given) =>
      probabilityFigure(given, (sumDoubts) => absentFault(given) ?? againstRest(given, sumDoubts, 'macro')),
    areaQuestions: againstRestQuestions('macro'),
  },
  {
    ...shared,
    id: 'roc-auc-weighted',
    label: 'ROC AUC, labels by support',
    formula: 'mean of ROC AUC of each label against the rest, weighted by how often it is expected',
    source: 'scikit-learn roc_auc_score (multi_class="ovr", average="weighted")',
    compute: (given) =>
      probabilityFigure(
        given,
        (sumDoubts) => oneLabelFault(given) ?? againstRest(given, sumDoubts, 'weighted'),
      ),
    areaQuestions: againstRestQuestions('weighted'),
  },
  {
    ...shared,
    id: 'roc-auc-micro',
    label: 'ROC AUC over all cells',
    formula: 'ROC AUC of the probabilities of all labels together',
    source: 'scikit-learn roc_auc_score (multi_class="ovr", average="micro")',
    compute: (given) => probabilityFigure(given, (sumDoubts) => againstRest(given, sumDoubts, 'micro')),
    areaQuestions: againstRestQuestions('micro'),
  },
  pairwise('macro', 'roc-auc-ovo', 'ROC AUC over pairs'),
  pairwise('weighted', 'roc-auc-ovo-weighted', 'ROC AUC over pairs, by share'),
  {
    ...shared,
    id: 'average-precision',
    label: 'Average precision',
    formula:
      'sum of (gain in recall) * precision over thresholds; beyond 2 labels the mean of each against the rest',
    source: 'scikit-learn average_precision_score (average="macro")',
    compute: (given) => probabilityFigure(given, () => precisionFigure(given)),
  },
];

/** Ranking metrics with a number in their id. */
export const aucFamilies: readonly MetricFamily<'classification'>[] = [
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
      compute: (given) =>
        probabilityFigure(given, (sumDoubts) => absentFault(given) ?? partialFigure(given, sumDoubts, rate)),
    }),
  },
];

function pairwise(average: 'macro' | 'weighted', id: string, label: string): Metric<'classification'> {
  return {
    ...shared,
    id,
    label,
    formula: 'mean over pairs of labels of ROC AUC within the pair, each way',
    source: `scikit-learn roc_auc_score (multi_class="ovo", average="${average}"); Hand & Till 2001`,
    compute: (given) =>
      probabilityFigure(
        given,
        (sumDoubts) => weightedFault(given) ?? oneLabelFault(given) ?? pairsFigure(given, sumDoubts, average),
      ),
    areaQuestions: pairQuestions(average),
  };
}

function againstRest(given: Given, sumDoubts: Doubts, average: 'macro' | 'weighted' | 'micro'): Figure {
  const isBinary = given.labels.length === 2;
  return aucFigure(
    given,
    sumDoubts,
    isBinary ? rocAuc(lastLabel(given)) : overLabels(labelScores(given), rocAuc, average),
  );
}

function pairsFigure(given: Given, sumDoubts: Doubts, average: 'macro' | 'weighted'): Figure {
  const { expected, labels } = given;
  const value = overPairs(
    { expected, scores: probabilitiesOf(given), labels: labels.length },
    rocAuc,
    average,
  );
  return aucFigure(given, sumDoubts, value);
}

function partialFigure(given: Given, sumDoubts: Doubts, maxFalsePositiveRate: number): Figure {
  if (given.labels.length !== 2)
    return undefinedBecause(`a partial ROC AUC takes 2 labels; found ${given.labels.length}`);
  return aucFigure(given, sumDoubts, rocAuc(lastLabel(given), { maxFalsePositiveRate }));
}

/** Of two labels one score decides, and their sum plays no part. */
function aucFigure(given: Given, sumDoubts: Doubts, value: number): Figure {
  if (Number.isNaN(value))
    return undefinedBecause('a label has no sample with weight, or no other label has one');
  return valued(value, given.labels.length === 2 ? [] : sumDoubts);
}

function precisionFigure(given: Given): Figure {
  const isBinary = given.labels.length === 2;
  const value = isBinary
    ? averagePrecision(lastLabel(given))
    : overLabels(labelScores(given), averagePrecision, 'macro');
  const absent = absentLabels(given).filter((label) => !isBinary || label === given.labels[1]);
  if (absent.length === 0) return valued(value);
  return valued(value, [`no sample is ${quoted(absent)}, whose average precision counts as 0`]);
}

/** The question of two labels: is it the last? */
function lastLabel(given: Given): BinaryScores {
  const { ids, expected, weights } = given;
  const probabilities = probabilitiesOf(given);
  const scores = new Float64Array(ids.length);
  const isPositive = new Uint8Array(ids.length);
  for (let sample = 0; sample < scores.length; sample++) {
    scores[sample] = probabilities[2 * sample + 1]!;
    isPositive[sample] = expected[sample]!;
  }
  return { isPositive, scores, sampleWeights: weights };
}

function labelScores(given: Given): LabelScores {
  const { labels, expected, weights } = given;
  const flags = oneHot({ expected, labels: labels.length });
  return { labels: labels.length, flags, scores: probabilitiesOf(given), sampleWeights: weights };
}

function absentLabels({ labels, expected }: Given): string[] {
  const isExpected = new Uint8Array(labels.length);
  for (let sample = 0; sample < expected.length; sample++) isExpected[expected[sample]!] = 1;
  return labels.filter((_, label) => isExpected[label] === 0);
}

function absentFault(given: Given): Figure | null {
  const absent = absentLabels(given);
  if (given.labels.length < 2) return undefinedBecause('ROC AUC takes 2 labels or more; found 1');
  if (absent.length === 0) return null;
  return undefinedBecause(`ROC AUC takes samples of every label; no sample is ${quoted(absent)}`);
}

function oneLabelFault(given: Given): Figure | null {
  if (given.labels.length - absentLabels(given).length > 1) return null;
  return undefinedBecause('ROC AUC takes samples of 2 labels or more; all are of one');
}

function weightedFault({ weights }: Given): Figure | null {
  return weights === undefined ? null : undefinedBecause('ROC AUC over pairs takes no sample weights');
}

function quoted(labels: readonly string[]): string {
  return labels.map((label) => `"${label}"`).join(', ');
}
