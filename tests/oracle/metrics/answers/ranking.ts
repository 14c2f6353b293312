import { metricById } from '../../../../tasks/metrics/registry.ts';
import type { RankingPredictions } from '../../../../tasks/predictions.ts';
import { type Answerer, idsOf } from '../oracle-case.ts';

interface Given {
  /** Candidates a query. */
  candidates: number;
  scores: readonly number[];
  gains: readonly number[];
}

export const answerRanking: Answerer<Given> = ({ candidates, scores, gains }) => {
  const queries = scores.length / candidates;
  const predictions: RankingPredictions = {
    kind: 'ranking',
    ids: idsOf(queries),
    offsets: Int32Array.from({ length: queries + 1 }, (_, query) => query * candidates),
    scores: Float64Array.from(scores),
    gains: Float64Array.from(gains),
  };
  return (name) => metricById(name, 'ranking').compute(predictions).value;
};
