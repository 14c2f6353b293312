/** Candidates of several queries: those of query i are [offsets[i], offsets[i + 1]). */
export interface RankedLists {
  offsets: Int32Array;
  scores: Float64Array;
  gains: Float64Array;
}

/** One number a query, from the gains in the order they are ranked, and all of them. */
type QueryScore = (rankedGains: Float64Array) => number;

/**
 * Normalised discounted cumulative gain of the first k, each query: gains are linear, the discount is 1 / log2(rank + 1), equal
 * scores share the mean of their gains; 0 without gains (scikit-learn `ndcg_score`, Jarvelin & Kekalainen 2002).
 */
export function ndcg(given: RankedLists, k = Infinity): Float64Array {
  const discounts = cumulativeDiscounts(longestList(given), k);
  return eachQuery(given, (order, start) => {
    const ideal = idealGain(given, [start, start + order.length], discounts);
    return ideal === 0 ? 0 : tieAveragedGain(given, order, discounts) / ideal;
  });
}

/** 1 / rank of the first relevant candidate, 0 without one, each query (trec_eval `recip_rank`, Voorhees 1999). */
export function reciprocalRank(given: RankedLists): Float64Array {
  return byRank(given, (gains) => {
    const first = gains.findIndex(isRelevant);
    return first < 0 ? 0 : 1 / (first + 1);
  });
}

/** Sum of the precision at each relevant rank up to k over the number of relevant ones, each query (trec_eval `map_cut`). */
export function averagePrecisionAt(given: RankedLists, k: number): Float64Array {
  return byRank(given, (gains) => {
    let [hits, sum] = [0, 0];
    for (let rank = 0; rank < Math.min(k, gains.length); rank++)
      if (isRelevant(gains[rank]!)) sum += ++hits / (rank + 1);
    return shareOf(sum, relevantCount(gains));
  });
}

/** Share of the relevant candidates that are among the first k, each query (trec_eval `recall`). */
export function recallAt(given: RankedLists, k: number): Float64Array {
  return byRank(given, (gains) => shareOf(relevantCount(gains.subarray(0, k)), relevantCount(gains)));
}

/** 1 where a relevant candidate is among the first k, else 0, each query (trec_eval `success`). */
export function hitAt(given: RankedLists, k: number): Float64Array {
  return byRank(given, (gains) => (gains.subarray(0, k).some(isRelevant) ? 1 : 0));
}

/** Whether a query has a candidate with a gain. */
export function hasRelevant({ offsets, gains }: RankedLists, query: number): boolean {
  return gains.subarray(offsets[query], offsets[query + 1]).some(isRelevant);
}

function byRank(given: RankedLists, score: QueryScore): Float64Array {
  return eachQuery(given, (order) => score(Float64Array.from(order, (candidate) => given.gains[candidate]!)));
}

/** Candidates from the highest score to the lowest; of equal scores the later first, as trec_eval has it by name. */
function eachQuery(
  { offsets, scores }: RankedLists,
  score: (order: Int32Array, start: number) => number,
): Float64Array {
  const results = new Float64Array(Math.max(0, offsets.length - 1));
  for (let query = 0; query < results.length; query++) {
    const [start, end] = [offsets[query]!, offsets[query + 1]!];
    const order = new Int32Array(end - start);
    for (let i = 0; i < order.length; i++) order[i] = start + i;
    results[query] = score(
      order.sort((a, b) => scores[b]! - scores[a]! || b - a),
      start,
    );
  }
  return results;
}

function tieAveragedGain({ scores, gains }: RankedLists, order: Int32Array, discounts: Float64Array): number {
  let sum = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    let gain = 0;
    for (; to < order.length && scores[order[to]!] === scores[order[from]!]; to++) gain += gains[order[to]!]!;
    sum += (gain / (to - from)) * (discounts[to]! - discounts[from]!);
  }
  return sum;
}

function idealGain(
  { gains }: RankedLists,
  [start, end]: readonly [number, number],
  discounts: Float64Array,
): number {
  const sorted = gains.slice(start, end).sort().reverse();
  return sorted.reduce((sum, gain, rank) => sum + gain * (discounts[rank + 1]! - discounts[rank]!), 0);
}

/** Entry n is the sum of the discounts of the first n ranks; ranks beyond k add none. */
function cumulativeDiscounts(length: number, k: number): Float64Array {
  const sums = new Float64Array(length + 1);
  for (let rank = 0; rank < length; rank++)
    sums[rank + 1] = sums[rank]! + (rank < k ? 1 / Math.log2(rank + 2) : 0);
  return sums;
}

function longestList({ offsets }: RankedLists): number {
  let longest = 0;
  for (let query = 0; query + 1 < offsets.length; query++)
    longest = Math.max(longest, offsets[query + 1]! - offsets[query]!);
  return longest;
}

function relevantCount(gains: Float64Array): number {
  let count = 0;
  for (let i = 0; i < gains.length; i++) if (isRelevant(gains[i]!)) count++;
  return count;
}

function isRelevant(gain: number): boolean {
  return gain > 0;
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
