import { isRelevant, type RankedLists } from './ranked-lists.ts';

/** A number from the gains of one query in the order they are ranked. */
export type QueryScore = (gains: Float64Array) => number;

/** A score of each query; lists are ranked. */
export function queryScores({ offsets, gains }: RankedLists, score: QueryScore): Float64Array {
  const results = new Float64Array(offsets.length - 1);
  for (let query = 0; query < results.length; query++)
    results[query] = score(gains.subarray(offsets[query], offsets[query + 1]));
  return results;
}

/** 1 / rank of the first relevant candidate, 0 without one (trec_eval `recip_rank`, Voorhees 1999). */
export const reciprocalRank: QueryScore = (gains) => {
  const first = gains.findIndex(isRelevant);
  return first < 0 ? 0 : 1 / (first + 1);
};

/** Sum of the precision at each relevant rank up to k over the number of relevant ones (trec_eval `map_cut`). */
export function averagePrecisionAt(k: number): QueryScore {
  return (gains) => {
    let [hits, sum] = [0, 0];
    for (let rank = 0; rank < Math.min(k, gains.length); rank++)
      if (isRelevant(gains[rank]!)) sum += ++hits / (rank + 1);
    return shareOf(sum, relevantCount(gains));
  };
}

/** Share of the relevant candidates that are among the first k (trec_eval `recall`). */
export function recallAt(k: number): QueryScore {
  return (gains) => shareOf(relevantCount(gains, k), relevantCount(gains));
}

/** 1 where a relevant candidate is among the first k, else 0 (trec_eval `success`). */
export function hitAt(k: number): QueryScore {
  return (gains) => Number(relevantCount(gains, k) > 0);
}

function relevantCount(gains: Float64Array, k = Infinity): number {
  let count = 0;
  for (let rank = 0; rank < Math.min(k, gains.length); rank++) count += Number(isRelevant(gains[rank]!));
  return count;
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
