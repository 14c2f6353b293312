/**
 * Exact two-sided p of the Mann-Whitney U test: twice the smaller tail of the rank sum among all ways to split the pooled
 * values, ties at their mean rank; at most 1. Meant for samples of dozens, not thousands.
 */
export function mannWhitneyP(first: readonly number[], second: readonly number[]): number {
  const ranks = doubledRanks([...first, ...second]);
  const observed = ranks.slice(0, first.length).reduce((sum, rank) => sum + rank, 0);
  const ways = waysToSum(ranks, first.length);
  const total = ways.reduce((sum, count) => sum + count, 0);
  const atMost = ways.slice(0, observed + 1).reduce((sum, count) => sum + count, 0);
  const atLeast = ways.slice(observed).reduce((sum, count) => sum + count, 0);
  return Math.min(1, (2 * Math.min(atMost, atLeast)) / total);
}

/** Twice the rank of each value, so that mean ranks of ties are whole. */
function doubledRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const smaller = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return 2 * smaller + equal + 1;
  });
}

/** In how many ways so many of the ranks have each sum. */
function waysToSum(ranks: readonly number[], chosen: number): Float64Array {
  const sums = ranks.reduce((total, rank) => total + rank, 0) + 1;
  // Row `count` holds the ways to choose `count` ranks; a rank at a time, from the back, so that none counts twice.
  const ways = new Float64Array((chosen + 1) * sums);
  ways[0] = 1;
  for (const rank of ranks)
    for (let cell = ways.length - 1; cell >= sums; cell--)
      if (cell % sums >= rank) ways[cell] = (ways[cell] ?? 0) + (ways[cell - sums - rank] ?? 0);
  return ways.slice(chosen * sums);
}
