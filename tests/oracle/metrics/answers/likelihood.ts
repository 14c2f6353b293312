import { metricById } from '../../../../tasks/metrics/registry.ts';
import type { GenerationPredictions } from '../../../../tasks/predictions.ts';
import { type Answerer, idsOf } from '../oracle-case.ts';

interface Given {
  loss: readonly number[];
  floor: readonly number[];
  tokens: readonly number[];
  bytes: readonly number[];
}

export const answerLikelihood: Answerer<Given> = ({ loss, floor, tokens, bytes }) => {
  const texts = loss.map(() => '');
  const predictions: GenerationPredictions = {
    kind: 'generation',
    ids: idsOf(loss.length),
    negativeLogLikelihood: Float64Array.from(loss),
    tokens: Int32Array.from(tokens),
    utf8Bytes: Int32Array.from(bytes),
    floorNegativeLogLikelihood: Float64Array.from(floor),
    generated: texts,
    references: texts,
  };
  return (name) => metricById(name, 'generation').compute(predictions).value;
};
