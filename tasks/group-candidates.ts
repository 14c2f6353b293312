import { textsOf } from '../core/ids.ts';
import type { Clusters } from '../core/samples.ts';
import type { RankingPredictions } from './predictions.ts';

/** Candidates in any order, and the query that each is of. */
export interface Candidates {
  queries: readonly string[];
  scores: Float64Array;
  gains: Float64Array;
  /** Of the candidates; a query is in that of its first one. */
  clusters?: Clusters | undefined;
}

/** Candidates by query: queries in the order in which they first come up, the candidates of each in theirs. */
export function groupCandidates({ queries, scores, gains, clusters }: Candidates): RankingPredictions {
  const numbers = new Map<string, number>();
  const first: number[] = [];
  const numberOf = Int32Array.from(queries, (query, candidate) => {
    const number = numbers.get(query) ?? first.push(candidate) - 1;
    numbers.set(query, number);
    return number;
  });
  const offsets = offsetsOf(numberOf, first.length);
  const grouped = { scores: new Float64Array(scores.length), gains: new Float64Array(gains.length) };
  const next = offsets.slice();
  for (const [candidate, number] of numberOf.entries()) {
    const place = next[number] ?? 0;
    next[number] = place + 1;
    grouped.scores[place] = scores[candidate] ?? Number.NaN;
    grouped.gains[place] = gains[candidate] ?? 0;
  }
  const names = first.map((candidate) => clusters?.names[candidate] ?? '');
  return {
    ...{ kind: 'ranking', ids: [...numbers.keys()], offsets, ...grouped },
    ...(clusters === undefined ? {} : { clusters: { by: clusters.by, names } }),
  };
}

/** The candidates of parts, one part after the other. */
export function candidatesOf(parts: readonly RankingPredictions[]): Candidates {
  const by = parts[0]?.clusters?.by;
  const spread = (part: RankingPredictions, names: readonly string[]): string[] =>
    names.flatMap((name, query) => new Array<string>(lengthOf(part, query)).fill(name));
  return {
    queries: parts.flatMap((part) => spread(part, textsOf(part.ids))),
    scores: Float64Array.from(parts.flatMap(({ scores }) => Array.from(scores))),
    gains: Float64Array.from(parts.flatMap(({ gains }) => Array.from(gains))),
    ...(by === undefined
      ? {}
      : { clusters: { by, names: parts.flatMap((part) => spread(part, part.clusters?.names ?? [])) } }),
  };
}

function lengthOf({ offsets }: RankingPredictions, query: number): number {
  return (offsets[query + 1] ?? 0) - (offsets[query] ?? 0);
}

function offsetsOf(numberOf: Int32Array, queries: number): Int32Array {
  const offsets = new Int32Array(queries + 1);
  for (const number of numberOf) offsets[number + 1] = (offsets[number + 1] ?? 0) + 1;
  let total = 0;
  return offsets.map((length) => (total += length));
}
