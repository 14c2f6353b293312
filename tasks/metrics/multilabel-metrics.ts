import type { Figure, Metric } from '../metric.ts';
import type { MultilabelPredictions } from '../predictions.ts';
import { averagedScores, fBetaFamilies, type NamedScore } from './averaged-scores.ts';
import { averaged, type ClassScore } from './class-scores.ts';
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

/** A binary score of each label's scores. */
interface Area {
  id: string;
  label: string;
  formula: string;
  oracleName: string;
  score: typeof averagePrecision;
}

const areas: readonly Area[] = [
  {
    id: 'roc-auc',
    label: 'ROC AUC',
    formula: 'P(score of a positive > score of a negative), ties half',
    oracleName: 'roc_auc_score',
    score: rocAuc,
  },
  {
    id: 'average-precision',
    label: 'Average precision',
    formula: 'sum of (gain in recall) * precision over thresholds',
    oracleName: 'average_precision_score',
    score: averagePrecision,
  },
];

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
  ...averagedScores(averages, setScoreMetric),
  ...areas.flatMap((area) => averages.map((average) => areaMetric(area, average))),
];

/** Metrics of sets of labels with a number in their id. */
export const multilabelFamilies: readonly MetricFamily<'multilabel'>[] = fBetaFamilies(
  averages,
  setScoreMetric,
);

function setScoreMetric(
  { id, label, oracleName, score }: NamedScore,
  average: Average,
): Metric<'multilabel'> {
  return {
    ...shared,
    id: `${id}-${average}`,
    label: `${label} (${average})`,
    formula: `${average} mean of ${label}`,
    source: `scikit-learn ${oracleName} (average="${average}")`,
    compute: (given) =>
      multilabelFault(given) ??
      (average === 'samples' ? samplesFigure(given, score) : labelsFigure(given, score, average)),
  };
}

function areaMetric({ id, label, formula, oracleName, score }: Area, average: Average): Metric<'multilabel'> {
  return {
    ...shared,
    reads: 'ranks',
    id: `${id}-${average}`,
    label: `${label} (${average})`,
    formula: `${average} mean of ${formula}`,
    source: `scikit-learn ${oracleName} (average="${average}")`,
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

function labelScores({ labels, expected, scores, weights }: Given): LabelScores {
  return { labels: labels.length, flags: expected, scores, sampleWeights: weights };
}
