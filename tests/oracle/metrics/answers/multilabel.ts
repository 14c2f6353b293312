import { metricById } from '../../../../tasks/metrics/registry.ts';
import type { MultilabelPredictions } from '../../../../tasks/predictions.ts';
import { type Answerer, idsOf, weightsOf } from '../oracle-case.ts';

interface Given {
  labels: number;
  expected: readonly number[];
  predicted: readonly number[];
  scores: readonly number[];
  weights: readonly number[] | null;
}

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
  return (name) => metricById(name, 'multilabel').compute(predictions).value;
};
