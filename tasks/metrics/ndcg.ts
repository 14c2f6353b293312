import type { RankedLists } from './ranked-lists.ts';

/**
 * Normalised discounted cumulative gain of the first k, each query of ranked lists: gains are linear, the discount is
 * 1 / log2(rank + 1), equal scores share the mean of their gains; 0 without gains (scikit-learn `ndcg_score`, Jarvelin &
 * Kekalainen 2002).
 */
export function ndcg({ offsets, scores, gains }: RankedLists, k = Infinity): Float64Array {
  const discounts = cumulativeDiscounts(longestList(offsets), k);
  const results = new Float64Array(offsets.length - 1);
  for (let query = 0; query < results.length; query++) {
    const [start, end] = [offsets[query]!, offsets[query + 1]!];
    const own = gains.subarray(start, end);
    const ideal = gainOf(own.slice().sort().reverse(), discounts);
    if (ideal > 0) results[query] = tieAveragedGain(scores.subarray(start, end), own, discounts) / ideal;
  }
  return results;
}

function tieAveragedGain(scores: Float64Array, gains: Float64Array, discounts: Float64Array): number {
  let sum = 0;
  for (let from = 0, to = 0; from < scores.length; from = to) {
    let gain = 0;
    for (; to < scores.length && scores[to] === scores[from]; to++) gain += gains[to]!;
    sum += (gain / (to - from)) * (discounts[to]! - discounts[from]!);
  }
  return sum;
}

function gainOf(gains: Float64Array, discounts: Float64Array): number {
  let sum = 0;
  for (let rank = 0; rank < gains.length; rank++)
    sum += gains[rank]! * (discounts[rank + 1]! - discounts[rank]!);
  return sum;
}

/** Entry n is the sum of the discounts of the first n ranks; ranks beyond k add none. */
function cumulativeDiscounts(length: number, k: number): Float64Array {
  const sums = new Float64Array(length + 1);
  for (let rank = 0; rank < length; rank++)
    sums[rank + 1] = sums[rank]! + (rank < k ? 1 / Math.log2(rank + 2) : 0);
  return sums;
}

function longestList(offsets: Int32Array): number {
  let longest = 0;
  for (let query = 0; query + 1 < offsets.length; query++)
    longest = Math.max(longest, offsets[query + 1]! - offsets[query]!);
  return longest;
}
