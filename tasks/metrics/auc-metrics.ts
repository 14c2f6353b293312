import type { Figure, Metric } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import type { BinaryScores } from './binary-scores.ts';
import { few, fewDoubts } from './class-doubts.ts';
import { probabilitiesOf, probabilityFigure } from './classification-faults.ts';
import { againstRestQuestions, pairQuestions } from './auc-questions.ts';
import type { MetricFamily } from './family.ts';
import { ofPositive } from './positive-option.ts';
import { undefinedBecause, valued } from './figure.ts';
import { type ClassScores, overLabels, overPairs } from './label-scores.ts';
import { namedSamples } from './named-samples.ts';
import { averagePrecision, rocAuc } from './roc.ts';

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
  ofPositive({
    ...shared,
    id: 'average-precision',
    label: 'Average precision',
    formula:
      'sum of (gain in recall) * precision over thresholds; beyond 2 labels the mean of each against the rest',
    source: 'scikit-learn average_precision_score (average="macro")',
    compute: (given) => probabilityFigure(given, (sumDoubts) => precisionFigure(given, sumDoubts)),
  }),
];

/** Ranking metrics with a number in their id. */
export const aucFamilies: readonly MetricFamily<'classification'>[] = [
  {
    name: 'roc-auc-partial',
    option: 'maxFalsePositiveRate',
    accepts: 'a highest false positive rate above 0 and at most 1',
    isAccepted: (rate) => rate > 0 && rate <= 1,
    metricOf: (rate, id) =>
      ofPositive({
        ...shared,
        id,
        label: `ROC AUC up to a false positive rate of ${rate}`,
        formula: 'area up to the rate, rescaled so that chance is 0.5 and perfect is 1',
        source: 'scikit-learn roc_auc_score (max_fpr); McClish 1989',
        compute: (given) => probabilityFigure(given, () => absentFault(given) ?? partialFigure(given, rate)),
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
  if (given.labels.length === 2) return aucFigure(rocAuc(lastLabel(given)), rareDoubts(given));
  const doubts = average === 'macro' ? [...sumDoubts, ...rareDoubts(given)] : sumDoubts;
  return aucFigure(overLabels(labelScores(given), rocAuc, average), doubts);
}

function pairsFigure(given: Given, sumDoubts: Doubts, average: 'macro' | 'weighted'): Figure {
  const sums = given.labels.length === 2 ? [] : sumDoubts;
  return aucFigure(
    overPairs(labelScores(given), rocAuc, average),
    average === 'macro' ? [...sums, ...rareDoubts(given)] : sums,
  );
}

/** Of two labels one score decides, and their sum plays no part. */
function partialFigure(given: Given, maxFalsePositiveRate: number): Figure {
  if (given.labels.length !== 2)
    return undefinedBecause(`a partial ROC AUC takes 2 labels; found ${given.labels.length}`);
  return aucFigure(rocAuc(lastLabel(given), { maxFalsePositiveRate }), [
    ...rareDoubts(given),
    ...rateDoubts(given, maxFalsePositiveRate),
  ]);
}

function rareDoubts(given: Given): string[] {
  return fewDoubts(given.labels, samplesOf(given));
}

/** A rate of few negatives is read off between them. */
function rateDoubts(given: Given, rate: number): string[] {
  const [negatives = 0] = samplesOf(given);
  if (rate * negatives >= few) return [];
  return [
    `a false positive rate of ${rate} is fewer than ${few} of the ${negatives} samples of "${given.labels[0]!}", and each of them decides the figure`,
  ];
}

function aucFigure(value: number, doubts: Doubts): Figure {
  if (Number.isNaN(value))
    return undefinedBecause('a label has no sample with weight, or no other label has one');
  return valued(value, doubts);
}

function precisionFigure(given: Given, sumDoubts: Doubts): Figure {
  const isBinary = given.labels.length === 2;
  const value = isBinary
    ? averagePrecision(lastLabel(given))
    : overLabels(labelScores(given), averagePrecision, 'macro');
  const found = isBinary ? given.labels.slice(1) : given.labels;
  const samples = samplesOf(given).subarray(given.labels.length - found.length);
  const absent = namedSamples(found, (label) => samples[label] === 0, 'label');
  const nothing = absent === null ? [] : [`no sample is of ${absent}, whose average precision counts as 0`];
  return valued(value, [...(isBinary ? [] : sumDoubts), ...nothing, ...fewDoubts(found, samples)]);
}

/** The question of two labels: is it the last? */
function lastLabel(given: Given): BinaryScores {
  const { expected, weights: sampleWeights } = given;
  return { expected, positive: 1, scores: probabilitiesOf(given), column: { at: 1, of: 2 }, sampleWeights };
}

function labelScores(given: Given): ClassScores {
  const { labels, expected, weights: sampleWeights } = given;
  return { labels: labels.length, expected, scores: probabilitiesOf(given), sampleWeights };
}

/** How many samples are expected to be of each label. */
function samplesOf({ labels, expected }: Given): Int32Array {
  const samples = new Int32Array(labels.length);
  for (let sample = 0; sample < expected.length; sample++) samples[expected[sample]!]!++;
  return samples;
}

function absentFault(given: Given): Figure | null {
  if (given.labels.length < 2) return undefinedBecause('ROC AUC takes 2 labels or more; found 1');
  const samples = samplesOf(given);
  const absent = namedSamples(given.labels, (label) => samples[label] === 0, 'label');
  if (absent === null) return null;
  return undefinedBecause(`ROC AUC takes samples of every label; none is of ${absent}`);
}

function oneLabelFault(given: Given): Figure | null {
  if (samplesOf(given).filter((samples) => samples > 0).length > 1) return null;
  return undefinedBecause('ROC AUC takes samples of 2 labels or more; all are of one');
}

function weightedFault({ weights }: Given): Figure | null {
  return weights === undefined ? null : undefinedBecause('ROC AUC over pairs takes no sample weights');
}
