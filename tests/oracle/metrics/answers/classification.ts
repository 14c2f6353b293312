import { averaged, fBeta, jaccard, precision, recall } from '../../../../tasks/metrics/class-scores.ts';
import {
  classCounts,
  type ConfusionMatrix,
  confusionMatrix,
  normalizedConfusion,
} from '../../../../tasks/metrics/confusion.ts';
import { metricById } from '../../../../tasks/metrics/registry.ts';
import type { ClassificationPredictions } from '../../../../tasks/predictions.ts';
import { type Answer, type Answerer, idsOf, weightsOf } from '../oracle-case.ts';

interface Given {
  classes: number;
  expected: readonly number[];
  predicted: readonly number[];
  probabilities: readonly number[];
  weights: readonly number[] | null;
  labels: readonly number[];
  average: 'macro' | 'micro' | 'weighted';
  zeroDivision: 0 | 1 | null;
  normalize: 'true' | 'pred' | 'all' | null;
  bins: number;
  k: number;
  maxFpr: number;
}

const scores = {
  'precision of labels': precision,
  'recall of labels': recall,
  'f0.5 of labels': fBeta(0.5),
  'jaccard of labels': jaccard,
};

const normalizations = { true: 'expected', pred: 'predicted', all: 'all' } as const;

export const answerClassification: Answerer<Given> = (given) => {
  const predictions = predictionsOf(given);
  const { expected, predicted, weights } = predictions;
  const confusion = confusionMatrix(expected, predicted, { classes: given.classes, sampleWeights: weights });
  return (name) => {
    if (name === 'confusion') return confusionAnswer(given, confusion);
    if (name in scores) return scoreOfLabels(given, confusion, name as keyof typeof scores);
    return metricById(idOf(name, given), 'classification').compute(predictions).value;
  };
};

function predictionsOf(given: Given): ClassificationPredictions {
  return {
    kind: 'classification',
    ids: idsOf(given.expected.length),
    labels: Array.from({ length: given.classes }, (_, label) => `label ${label}`),
    expected: Int32Array.from(given.expected),
    predicted: Int32Array.from(given.predicted),
    probabilities: Float64Array.from(given.probabilities),
    ...weightsOf(given.weights),
  };
}

function idOf(name: string, { bins, k, maxFpr }: Given): string {
  const ids: Record<string, string> = {
    'ece@bins': `ece@${bins}`,
    'top-k-accuracy@k': `top-k-accuracy@${k}`,
    'roc-auc-partial@fpr': `roc-auc-partial@${maxFpr}`,
  };
  return ids[name] ?? name;
}

function confusionAnswer({ normalize }: Given, confusion: ConfusionMatrix): Answer {
  if (normalize === null) return [...confusion.counts];
  return [...normalizedConfusion(confusion, normalizations[normalize])];
}

function scoreOfLabels(given: Given, confusion: ConfusionMatrix, name: keyof typeof scores): Answer {
  const { labels, average, zeroDivision } = given;
  const options = { labels, average, zeroDivision: zeroDivision ?? NaN };
  const score = averaged(classCounts(confusion), scores[name], options);
  return Number.isNaN(score) ? null : score;
}
