import type { Figure, Metric } from '../metric.ts';
import type { MultilabelPredictions } from '../predictions.ts';
import { averagedScores, fBetaFamilies, type NamedScore } from './averaged-scores.ts';
import { divisionDoubts } from './class-doubts.ts';
import { averagedFigure } from './class-score-figures.ts';
import type { ClassScore } from './class-scores.ts';
import type { MetricFamily } from './family.ts';
import { valued } from './figure.ts';
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
import { multilabelAreas } from './multilabel-areas.ts';
import { multilabelFault, scoreFault } from './multilabel-faults.ts';
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
  ...averagedScores(averages, setScoreMetric),
  ...multilabelAreas,
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
      (average === 'samples'
        ? samplesFigure(given, score)
        : averagedFigure(labelCounts(labelSets(given)), score, { names: given.labels, average })),
  };
}

function samplesFigure(given: Given, score: ClassScore): Figure {
  const { mean, isDivided } = meanOverSamples(labelSets(given), score);
  if (isDivided) return valued(mean);
  const scores = score(sampleCounts(labelSets(given)), NaN);
  return valued(mean, divisionDoubts({ names: given.ids, noun: 'sample' }, scores));
}

function labelSets({ expected, predicted, labels, weights }: Given): LabelSets {
  return { expected, predicted, labels: labels.length, sampleWeights: weights };
}
