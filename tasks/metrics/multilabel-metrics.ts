import * as z from 'zod';
import type { Ids } from '../../core/ids.ts';
import type { Figure, Metric } from '../metric.ts';
import type { MultilabelPredictions } from '../predictions.ts';
import { averagedScores, fBetaFamilies, type NamedScore } from './averaged-scores.ts';
import { divisionDoubts } from './class-doubts.ts';
import { averagedFigure } from './class-score-figures.ts';
import { type ClassScore, meanWithoutNaN } from './class-scores.ts';
import type { MetricFamily } from './family.ts';
import { undefinedBecause, valued } from './figure.ts';
import { ofLabels } from './labels-option.ts';
import { configurable } from './metric-options.ts';
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
import { namedSamples } from './named-samples.ts';
import { meanOf } from './sum.ts';
import type { ZeroDivision } from './zero-division.ts';

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
    countsSamples: true,
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
      valued(
        meanOf(labelRankingPrecisions(labelSets(given), given.scores), given.weights),
        unrankedDoubts(given),
      ),
    sampleScores: (given) => labelRankingPrecisions(labelSets(given), given.scores),
  },
  ...averagedScores(averages, setScoreMetric),
  ...multilabelAreas.map(ofLabels),
];

/** Metrics of sets of labels with a number in their id. */
export const multilabelFamilies: readonly MetricFamily<'multilabel'>[] = fBetaFamilies(
  averages,
  setScoreMetric,
);

function setScoreMetric(
  { id, label, oracleName, score, divisions }: NamedScore,
  average: Average,
): Metric<'multilabel'> {
  const metric = configurable(z.strictObject({ zeroDivision: divisions }), ({ zeroDivision }) => ({
    ...shared,
    id: `${id}-${average}`,
    label: `${label} (${average})`,
    formula: `${average} mean of ${label}`,
    source: `scikit-learn ${oracleName} (average="${average}")`,
    compute: (given: Given) => {
      const fault = multilabelFault(given);
      if (fault !== null) return fault;
      if (average === 'samples') return samplesFigure(given, score, zeroDivision);
      const averaging = { names: given.labels, average, zeroDivision };
      return averagedFigure(labelCounts(labelSets(given)), score, averaging);
    },
  }));
  return ofLabels(metric);
}

function samplesFigure(given: Given, score: ClassScore, zeroDivision: ZeroDivision): Figure {
  const { mean, undivided } = meanOverSamples(labelSets(given), score);
  if (undivided.length === 0) return valued(mean);
  const value =
    zeroDivision === '0'
      ? mean
      : meanWithoutNaN(score(sampleCounts(labelSets(given)), Number(zeroDivision)), given.weights);
  if (Number.isNaN(value)) return undefinedBecause('every sample has a denominator of 0');
  return valued(value, undividedDoubts(given.ids, undivided, zeroDivision));
}

function undividedDoubts(ids: Ids, undivided: readonly number[], zeroDivision: ZeroDivision): string[] {
  const names = undivided.map((sample) => String(ids[sample]));
  const scores = new Float64Array(names.length).fill(NaN);
  return divisionDoubts({ names, noun: 'sample', zeroDivision }, scores);
}

/** Names the samples in which there is nothing to rank. */
function unrankedDoubts({ ids, labels, expected }: Given): string[] {
  const named = namedSamples(ids, (sample) => {
    const flags = expected.subarray(sample * labels.length, (sample + 1) * labels.length);
    return flags.every((flag) => flag === flags[0]);
  });
  return named === null ? [] : [`no label applies to ${named}, or all do, which counts as 1`];
}

function labelSets({ expected, predicted, labels, weights }: Given): LabelSets {
  return { expected, predicted, labels: labels.length, sampleWeights: weights };
}
