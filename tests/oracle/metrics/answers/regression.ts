import { metricById } from '../../../../tasks/metrics/registry.ts';
import type { RegressionPredictions } from '../../../../tasks/predictions.ts';
import { type Answerer, idsOf, weightsOf } from '../oracle-case.ts';

interface Given {
  expected: readonly number[];
  predicted: readonly number[];
  outputs: number;
  weights: readonly number[] | null;
}

export const answerRegression: Answerer<Given> = (given) => {
  const predictions: RegressionPredictions = {
    kind: 'regression',
    ids: idsOf(given.expected.length / given.outputs),
    expected: Float64Array.from(given.expected),
    predicted: Float64Array.from(given.predicted),
    outputs: given.outputs,
    ...weightsOf(given.weights),
  };
  return (name) => metricById(name, 'regression').compute(predictions).value;
};
