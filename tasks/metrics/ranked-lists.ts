/** Candidates of several queries: those of query i are [offsets[i], offsets[i + 1]). */
export interface RankedLists {
  offsets: Int32Array;
  scores: Float64Array;
  gains: Float64Array;
}

/** The candidates of each query from the highest score to the lowest; of equal scores the later first, as trec_eval has it by name. */
export function ranked({ offsets, scores, gains }: RankedLists): RankedLists {
  const lists = { offsets, scores: scores.slice(), gains: gains.slice() };
  for (let query = 0; query + 1 < offsets.length; query++) {
    const [start, end] = [offsets[query]!, offsets[query + 1]!];
    if (end - start > shortList) rankLong(lists, { scores, gains }, [start, end]);
    else rankShort(lists, start, end);
  }
  return lists;
}

/** Up to this many candidates are put in place one by one. */
const shortList = 32;

function rankShort({ scores, gains }: RankedLists, start: number, end: number): void {
  for (let next = start + 1; next < end; next++) {
    const [score, gain] = [scores[next]!, gains[next]!];
    let place = next;
    for (; place > start && scores[place - 1]! <= score; place--) {
      scores[place] = scores[place - 1]!;
      gains[place] = gains[place - 1]!;
    }
    scores[place] = score;
    gains[place] = gain;
  }
}

function rankLong(
  lists: RankedLists,
  { scores, gains }: Pick<RankedLists, 'scores' | 'gains'>,
  [start, end]: readonly [number, number],
): void {
  const order = new Int32Array(end - start);
  for (let i = 0; i < order.length; i++) order[i] = start + i;
  order.sort((a, b) => scores[b]! - scores[a]! || b - a);
  for (let rank = 0; rank < order.length; rank++) {
    lists.scores[start + rank] = scores[order[rank]!]!;
    lists.gains[start + rank] = gains[order[rank]!]!;
  }
}

export function isRelevant(gain: number): boolean {
  return gain > 0;
}

/** Whether a query has a candidate with a gain. */
export function hasRelevant({ offsets, gains }: RankedLists, query: number): boolean {
  for (let candidate = offsets[query]!; candidate < offsets[query + 1]!; candidate++)
    if (isRelevant(gains[candidate]!)) return true;
  return false;
}

/** Whether a number from a query's ranked gains depends on which of its candidates of equal score come first. */
export function isLeftToTies(
  { offsets, scores, gains }: RankedLists,
  query: number,
  score: (gains: Float64Array) => number,
): boolean {
  const [start, end] = [offsets[query]!, offsets[query + 1]!];
  if (!hasTie(scores, start, end)) return false;
  const [best, worst] = [gains.slice(start, end), gains.slice(start, end)];
  for (let from = start, to = start; from < end; from = to) {
    while (to < end && scores[to] === scores[from]) to++;
    best
      .subarray(from - start, to - start)
      .sort()
      .reverse();
    worst.subarray(from - start, to - start).sort();
  }
  return score(best) !== score(worst);
}

function hasTie(scores: Float64Array, start: number, end: number): boolean {
  for (let rank = start + 1; rank < end; rank++) if (scores[rank] === scores[rank - 1]) return true;
  return false;
}
