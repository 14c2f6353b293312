import type { Figure, Metric } from '../metric.ts';
import type { MultilabelPredictions } from '../predictions.ts';
import { averaged, type ClassScore, fBeta, jaccard, precision, recall } from './class-scores.ts';
import { divisionDoubts } from './class-score-figures.ts';
import type { MetricFamily } from './family.ts';
import { undefinedBecause, valued } from './figure.ts';
import { type LabelScores, overLabels } from './label-scores.ts';
import {
  exactSets,
  hammingLoss,
  hammingLosses,
  labelCounts,
  labelRankingPrecisions,
  type LabelSets,
  meanOverSamples,
  sampleCounts,
  subsetAccuracy,
} from './multilabel.ts';
import { multilabelFault, scoreFault } from './multilabel-faults.ts';
import { averagePrecision, rocAuc } from './roc.ts';
import { meanOf } from './sum.ts';

type Given = MultilabelPredictions;
type Average = (typeof averages)[number];

const averages = ['macro', 'micro', 'weighted', 'samples'] as const;

const shared = {
  task: 'multilabel',
  unit: '',
  oracle: 'scikit-learn 1.9.1',
  direction: 'higher-is-better',
  range: [0, 1],
  reads: 'decisions',
} as const;

export const multilabelMetrics: readonly Metric<'multilabel'>[] = [
  {
    ...shared,
    id: 'subset-accuracy',
    label: 'Subset accuracy',
    formula: 'mean [all labels of the sample are right]',
    source: 'scikit-learn accuracy_score',
    compute: (given) => multilabelFault(given) ?? valued(subsetAccuracy(labelSets(given))),
    sampleScores: (given) => exactSets(labelSets(given)),
  },
  {
    ...shared,
    id: 'hamming-loss',
    label: 'Hamming loss',
    direction: 'lower-is-better',
    formula: 'mean share of labels that are wrong',
    source: 'scikit-learn hamming_loss',
    compute: (given) => multilabelFault(given) ?? valued(hammingLoss(labelSets(given))),
    sampleScores: (given) => hammingLosses(labelSets(given)),
  },
  {
    ...shared,
    id: 'lrap',
    reads: 'ranks',
    label: 'Label ranking average precision',
    formula: 'mean over samples and their labels of the share of labels ranked as high that apply',
    source: 'scikit-learn label_ranking_average_precision_score',
    compute: (given) =>
      scoreFault(given) ??
      valued(meanOf(labelRankingPrecisions(labelSets(given), given.scores), given.weights)),
    sampleScores: (given) => labelRankingPrecisions(labelSets(given), given.scores),
  },
  ...overSets('precision', 'Precision', precision),
  ...overSets('recall', 'Recall', recall),
  ...overSets('f1', 'F1', fBeta(1)),
  ...overSets('jaccard', 'Jaccard index', jaccard),
  ...averages.map((average) =>
    scoredBy(average, rocAuc, {
      id: `roc-auc-${average}`,
      label: `ROC AUC (${average})`,
      formula: `${average} mean of P(score of a positive > score of a negative), ties half`,
      source: `scikit-learn roc_auc_score (average="${average}")`,
    }),
  ),
  ...averages.map((average) =>
    scoredBy(average, averagePrecision, {
      id: `average-precision-${average}`,
      label: `Average precision (${average})`,
      formula: `${average} mean of sum of (gain in recall) * precision over thresholds`,
      source: `scikit-learn average_precision_score (average="${average}")`,
    }),
  ),
];

/** Metrics of sets of labels with a number in their id. */
export const multilabelFamilies: readonly MetricFamily<'multilabel'>[] = averages.map((average) => ({
  name: `f-beta-${average}`,
  accepts: 'a beta above 0, how many times recall weighs against precision',
  isAccepted: (beta) => beta > 0,
  metricOf: (beta, id) => ({
    ...overSets('f-beta', `F${beta}`, fBeta(beta)).find((metric) => metric.id === `f-beta-${average}`)!,
    id,
    source: `scikit-learn fbeta_score (average="${average}")`,
  }),
}));

function overSets(id: string, label: string, score: ClassScore): Metric<'multilabel'>[] {
  return averages.map((average) => ({
    ...shared,
    id: `${id}-${average}`,
    label: `${label} (${average})`,
    formula: `${average} mean of ${label}`,
    source: `scikit-learn ${id}_score (average="${average}")`,
    compute: (given) =>
      multilabelFault(given) ??
      (average === 'samples' ? samplesFigure(given, score) : labelsFigure(given, score, average)),
  }));
}

function scoredBy(
  average: Average,
  score: typeof averagePrecision,
  described: Pick<Metric, 'id' | 'label' | 'formula' | 'source'>,
): Metric<'multilabel'> {
  return {
    ...shared,
    ...described,
    reads: 'ranks',
    compute: (given) =>
      scoreFault(given) ?? scoresFigure(given, overLabels(labelScores(given), score, average)),
  };
}

function labelsFigure(given: Given, score: ClassScore, average: 'macro' | 'micro' | 'weighted'): Figure {
  const counts = labelCounts(labelSets(given));
  const all = Array.from(given.labels.keys());
  const value = averaged(counts, score, { average, labels: all });
  return valued(
    value,
    average === 'micro' ? [] : divisionDoubts({ names: given.labels, noun: 'label' }, counts, score),
  );
}

function samplesFigure(given: Given, score: ClassScore): Figure {
  const { mean, isDivided } = meanOverSamples(labelSets(given), score);
  if (isDivided) return valued(mean);
  const counts = sampleCounts(labelSets(given));
  return valued(mean, divisionDoubts({ names: given.ids, noun: 'sample' }, counts, score));
}

function scoresFigure(given: Given, value: number): Figure {
  if (!Number.isNaN(value)) return valued(value);
  const { labels, expected } = given;
  const constant = labels.filter((_, label) => {
    const count = expected.reduce((sum, flag, cell) => sum + (cell % labels.length === label ? flag : 0), 0);
    return count === 0 || count === given.ids.length;
  });
  const named = constant.map((label) => `"${label}"`).join(', ');
  return undefinedBecause(
    `ROC AUC takes samples with and without each label; not so for ${named || 'every sample'}`,
  );
}

function labelSets({ expected, predicted, labels, weights }: Given): LabelSets {
  return { expected, predicted, labels: labels.length, sampleWeights: weights };
}

function labelScores({ ids, labels, expected, scores, weights }: Given): LabelScores {
  return {
    samples: ids.length,
    labels: labels.length,
    flagsOf: (label) => columnFlags(expected, labels.length, label),
    scores,
    sampleWeights: weights,
  };
}

function columnFlags(flags: Uint8Array, columns: number, column: number): Uint8Array {
  const chosen = new Uint8Array(flags.length / columns);
  for (let row = 0; row < chosen.length; row++) chosen[row] = flags[row * columns + column]!;
  return chosen;
}
