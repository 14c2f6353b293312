import type { Figure, Metric } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { someBlock } from './blocks.ts';
import { calibrationBias, calibrationSums, expectedCalibrationError } from './calibration.ts';
import { probabilitiesOf, probabilityFigure } from './classification-faults.ts';
import type { MetricFamily } from './family.ts';
import { doubted, valued } from './figure.ts';
import { namedSamples } from './named-samples.ts';
import {
  brierScore,
  type ClassProbabilities,
  logLoss,
  meanProbabilityLoss,
  probabilityLosses,
  topKMiss,
} from './probability.ts';

type Given = ClassificationPredictions;

const shared = {
  task: 'classification',
  unit: '',
  oracle: 'scikit-learn 1.9.1',
  direction: 'lower-is-better',
  range: [0, 1],
  reads: 'values',
} as const;

/** Metrics of how well probabilities are placed. */
export const probabilityMetrics: readonly Metric<'classification'>[] = [
  {
    ...shared,
    id: 'log-loss',
    label: 'Log loss',
    unit: 'nats',
    range: [0, Infinity],
    formula: 'mean -ln p(y), p clipped to [2^-52, 1 - 2^-52]',
    source: 'scikit-learn log_loss on float64',
    compute: (given) =>
      probabilityFigure(given, (sumDoubts) => {
        const value = meanProbabilityLoss(logLoss, withClasses(given));
        return valued(value, [...clipDoubts(given), ...sumDoubts]);
      }),
    sampleScores: (given) => probabilityLosses(logLoss, withClasses(given)),
  },
  {
    ...shared,
    id: 'brier',
    label: 'Brier score',
    range: [0, 2],
    formula: 'mean over samples of sum over labels of (p - [label is y])^2, halved for 2 labels',
    source: 'scikit-learn brier_score_loss; Brier 1950',
    compute: (given) =>
      probabilityFigure(given, (sumDoubts) =>
        valued(meanProbabilityLoss(brierScore, withClasses(given)), sumDoubts),
      ),
    sampleScores: (given) => probabilityLosses(brierScore, withClasses(given)),
  },
  calibrationMetric(15, 'ece'),
];

/** Metrics of probabilities with a number in their id. */
export const probabilityFamilies: readonly MetricFamily<'classification'>[] = [
  {
    name: 'top-k-accuracy',
    option: 'k',
    accepts: 'a whole number of labels from 1',
    isAccepted: (k) => Number.isInteger(k) && k >= 1,
    metricOf: (k, id) => ({
      ...shared,
      id,
      label: `Top-${k} accuracy`,
      direction: 'higher-is-better',
      reads: 'ranks',
      formula: `mean [y is among the ${k} most probable]`,
      source: 'scikit-learn top_k_accuracy_score',
      compute: (given) => probabilityFigure(given, (sumDoubts) => doubted(topKFigure(given, k), sumDoubts)),
      sampleScores: (given) => probabilityLosses(topKMiss(k), withClasses(given)).map((miss) => 1 - miss),
      countsSamples: true,
    }),
  },
  {
    name: 'ece',
    option: 'bins',
    accepts: 'a whole number of bins from 1',
    isAccepted: (bins) => Number.isInteger(bins) && bins >= 1,
    metricOf: calibrationMetric,
  },
];

function calibrationMetric(bins: number, id: string): Metric<'classification'> {
  return {
    ...shared,
    oracle: 'NumPy 2.4.6 (definition)',
    id,
    label: `Expected calibration error (${bins} bins)`,
    formula: 'sum over bins of confidence of share * |accuracy - mean confidence|',
    source: 'Guo et al. 2017; bins as scikit-learn calibration_curve',
    compute: (given) =>
      probabilityFigure(given, (sumDoubts) => doubted(calibrationFigure(given, bins), sumDoubts)),
    sampleSums: (given) => calibrationSums({ ...withClasses(given), predicted: given.predicted }, bins),
    upwardBias: (given) => calibrationBias({ ...withClasses(given), predicted: given.predicted }, bins),
  };
}

/** Fewer samples a bin than this lie off their mean by chance alone. */
const fewestABin = 10;

function calibrationFigure(given: Given, bins: number): Figure {
  const value = expectedCalibrationError({ ...withClasses(given), predicted: given.predicted }, { bins });
  if (given.ids.length >= fewestABin * bins) return valued(value);
  return valued(value, [
    `${given.ids.length} samples are fewer than ${fewestABin} a bin, and chance alone makes an error; read brier instead`,
  ]);
}

function withClasses(given: Given): ClassProbabilities {
  const { expected, labels, weights } = given;
  return { expected, probabilities: probabilitiesOf(given), classes: labels.length, sampleWeights: weights };
}

function topKFigure(given: Given, k: number): Figure {
  const value = 1 - meanProbabilityLoss(topKMiss(k), withClasses(given));
  const count = given.labels.length;
  return valued(value, k < count ? [] : [`it is 1 whatever is predicted: there are ${count} labels`]);
}

function clipDoubts(given: Given): string[] {
  const { ids, expected, labels } = given;
  const probabilities = probabilitiesOf(given);
  const isClipped = (sample: number): boolean =>
    probabilities[sample * labels.length + expected[sample]!]! < Number.EPSILON;
  const named = hasClipped(withClasses(given)) ? namedSamples(ids, isClipped) : null;
  if (named === null) return [];
  return [`the expected label has a probability below 2^-52 in ${named}, which counts as -ln 2^-52 = 36.04`];
}

function hasClipped({ expected, probabilities, classes }: ClassProbabilities): boolean {
  return someBlock(expected.length, (start, end) => {
    for (let i = start; i < end; i++)
      if (probabilities[i * classes + expected[i]!]! < Number.EPSILON) return true;
    return false;
  });
}
