import { type ClassScore, fBeta, precision, recall } from '../../../../tasks/metrics/class-scores.ts';
import { meanOverSamples } from '../../../../tasks/metrics/multilabel.ts';
import { metricById } from '../../../../tasks/metrics/registry.ts';
import type { MultilabelPredictions } from '../../../../tasks/predictions.ts';
import { type Answer, type Answerer, idsOf, weightsOf } from '../oracle-case.ts';

interface Given {
  labels: number;
  expected: readonly number[];
  predicted: readonly number[];
  scores: readonly number[];
  weights: readonly number[] | null;
  zeroDivision: 0 | 1 | null;
}

const scores = {
  'precision of samples': precision,
  'recall of samples': recall,
  'f1 of samples': fBeta(1),
};

export const answerMultilabel: Answerer<Given> = (given) => {
  const predictions: MultilabelPredictions = {
    kind: 'multilabel',
    ids: idsOf(given.expected.length / given.labels),
    labels: Array.from({ length: given.labels }, (_, label) => `label ${label}`),
    expected: Uint8Array.from(given.expected),
    predicted: Uint8Array.from(given.predicted),
    scores: Float64Array.from(given.scores),
    ...weightsOf(given.weights),
  };
  return (name) =>
    name in scores
      ? scoreOfSamples(predictions, scores[name as keyof typeof scores], given.zeroDivision)
      : metricById(name, 'multilabel').compute(predictions).value;
};

function scoreOfSamples(
  { expected, predicted, labels, weights }: MultilabelPredictions,
  score: ClassScore,
  zeroDivision: 0 | 1 | null,
): Answer {
  const sets = { expected, predicted, labels: labels.length, sampleWeights: weights };
  const { mean } = meanOverSamples(sets, score, zeroDivision ?? NaN);
  return Number.isNaN(mean) ? null : mean;
}
