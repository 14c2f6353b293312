import { namedSamples } from '../../metrics/named-samples.ts';
import { isRelevant } from '../../metrics/ranked-lists.ts';
import type { RankingPredictions } from '../../predictions.ts';
import { distanceOf } from '../distance.ts';
import { takeFacts } from './columns.ts';
import type { ComparedKind } from './kind.ts';

/** What is decided of a query is which candidate comes first; it is right where that is relevant. */
export const rankingKind: ComparedKind<RankingPredictions> = {
  take: (from, indices) => {
    const offsets = new Int32Array(indices.length + 1);
    for (const [row, query] of indices.entries())
      offsets[row + 1] = offsets[row]! + from.offsets[query + 1]! - from.offsets[query]!;
    const taken = (column: Float64Array): Float64Array => {
      const lists = new Float64Array(offsets.at(-1)!);
      for (const [row, query] of indices.entries())
        lists.set(column.subarray(from.offsets[query], from.offsets[query + 1]), offsets[row]);
      return lists;
    };
    return {
      ...from,
      ...takeFacts(from, indices),
      ...{ offsets, scores: taken(from.scores), gains: taken(from.gains) },
    };
  },
  mix: (own, other, isOther) => {
    const scores = own.scores.slice();
    for (const [query, marked] of isOther.entries()) {
      const [start, end] = [own.offsets[query], own.offsets[query + 1]];
      if (marked === 1) scores.set(other.scores.subarray(start, end), start);
    }
    return { ...own, scores };
  },
  outputs: ({ scores }) => [scores],
  answers: ({ offsets, scores, gains }) => {
    const firsts = Int32Array.from(offsets.subarray(1), (end, query) =>
      firstOf(scores, offsets[query]!, end),
    );
    return {
      answer: (query) => firsts[query]!,
      isRight: (query) => isRelevant(gains[firsts[query]!] ?? 0),
    };
  },
  wildSamples: ({ ids, offsets, scores }) =>
    namedSamples(ids, (query) => !scores.subarray(offsets[query], offsets[query + 1]).every(Number.isFinite)),
  distance: (baseline, variant) => {
    if (baseline.scores.length === 0) return { reason: 'There are no candidates.' };
    const scores = distanceOf(baseline.scores, variant.scores);
    return 'reason' in scores ? scores : { kind: 'ranking', scores };
  },
  classes: () => null,
};

/** The candidate with the highest score, of equal ones the last; -1 of none. */
function firstOf(scores: Float64Array, start: number, end: number): number {
  let first = end > start ? start : -1;
  for (let candidate = start + 1; candidate < end; candidate++)
    if (scores[candidate]! >= scores[first]!) first = candidate;
  return first;
}
