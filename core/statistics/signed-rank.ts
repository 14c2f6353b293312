import type { Interval } from '../verdict.ts';
import { median, sortAscending, type Sorted } from './quantile.ts';

export type Alternative = 'two-sided' | 'greater' | 'less';

/**
 * Exact p of Wilcoxon's signed-rank test that `differences` are symmetric about 0; `greater` asks whether they lie above.
 * Zeros are dropped, ties share their mean rank and the distribution is that of the ranks at hand. 1 where nothing is left.
 * Oracle: SciPy 1.17 `wilcoxon(method="exact")`, with ties `permutation_test`.
 */
export function signedRankP(differences: Iterable<number>, alternative: Alternative): number {
  const nonZero = Float64Array.from(differences).filter((difference) => difference !== 0);
  const ranks = doubledRanks(nonZero.map(Math.abs));
  const cumulative = cumulate(distributionOf(ranks));
  const statistic = ranks.reduce((sum, rank, index) => sum + (nonZero[index]! > 0 ? rank : 0), 0);
  const less = valueAt(cumulative, statistic);
  // The distribution is symmetric: P(W >= w) = P(W <= total - w).
  const greater = valueAt(cumulative, cumulative.length - 1 - statistic);
  if (alternative === 'greater') return greater;
  return alternative === 'less' ? less : Math.min(1, 2 * Math.min(less, greater));
}

/** Hodges-Lehmann estimate of the centre: the median of the means of all pairs, each value with itself included. */
export function hodgesLehmann(values: readonly number[]): number {
  return median(walshAverages(values));
}

/**
 * Exact confidence interval of the centre of a symmetric distribution, from the ordered Walsh averages. With too few
 * values for `level` it is the widest there is and its `level` says what that attains; null for fewer than two values.
 */
export function signedRankInterval(values: readonly number[], level: number): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const averages = walshAverages(values);
  const cumulative = cumulate(distributionOf(Array.from({ length: n }, (_, index) => index + 1)));
  const excluded = countAtMost(cumulative, (1 - level) / 2);
  const trim = Math.max(excluded, 1) - 1;
  const [low, high] = [valueAt(averages, trim), valueAt(averages, averages.length - 1 - trim)];
  if (excluded > 0) return { low, high, level, method: `signed-rank exact (n=${n})` };
  const widest = 1 - 2 * valueAt(cumulative, 0);
  return { low, high, level: widest, method: `signed-rank exact (n=${n}, the widest it allows)` };
}

function walshAverages(values: readonly number[]): Sorted {
  return sortAscending(
    values.flatMap((first, index) => values.slice(index).map((second) => (first + second) / 2)),
  );
}

/** Ranks of the magnitudes, doubled so that the mean rank of a tie is an integer. */
function doubledRanks(magnitudes: Float64Array): number[] {
  const ascending = sortAscending(magnitudes);
  return Array.from(
    magnitudes,
    (magnitude) => ascending.indexOf(magnitude) + ascending.lastIndexOf(magnitude) + 2,
  );
}

/** Probability of each sum when every rank is added or left out with probability one half; index is the sum. */
function distributionOf(ranks: readonly number[]): Float64Array {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const probabilities = new Float64Array(total + 1);
  probabilities[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    reached += rank;
    for (let sum = reached; sum >= 0; sum--) {
      const without = probabilities[sum]!;
      const including = sum >= rank ? probabilities[sum - rank]! : 0;
      probabilities[sum] = (without + including) / 2;
    }
  }
  return probabilities;
}

function cumulate(probabilities: Float64Array): Float64Array {
  let sum = 0;
  return probabilities.map((probability) => (sum += probability));
}

function countAtMost(ascending: Float64Array, limit: number): number {
  const count = ascending.findIndex((value) => value > limit);
  return count === -1 ? ascending.length : count;
}

function valueAt(values: Float64Array, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`internal: index ${index} of ${values.length} values`);
  return value;
}
