import { metricById } from '../../../../tasks/metrics/registry.ts';
import type { TaggingPredictions } from '../../../../tasks/predictions.ts';
import { type Answerer, idsOf } from '../oracle-case.ts';

interface Given {
  expected: readonly (readonly string[])[];
  predicted: readonly (readonly string[])[];
}

export const answerTagging: Answerer<Given> = ({ expected, predicted }) => {
  const predictions: TaggingPredictions = {
    kind: 'tagging',
    ids: idsOf(expected.length),
    expected,
    predicted,
  };
  return (name) => metricById(name, 'tagging').compute(predictions).value;
};
