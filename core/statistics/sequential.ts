import { signedRankP } from './signed-rank.ts';

/** What looks at a growing number of values found; p values hold for all the planned looks together. */
export interface SequentialEvidence {
  /** How many of the planned looks were reached. */
  looks: number;
  /** Of values whose centre is not above 0. */
  pAbove: number;
  /** Of values whose centre is not below 0. */
  pBelow: number;
  /** Of values whose centre is not below the margin. */
  pWithinMargin: number;
}

/**
 * Exact signed-rank tests at each planned number of values, e.g. at 10, 14, 20 and 28. The smallest p of the looks taken
 * times the number of looks planned (Bonferroni) is valid whenever the looking stops. Before the first look every p is 1.
 */
export function sequentialEvidence(
  values: readonly number[],
  { looks, margin }: { looks: readonly number[]; margin: number },
): SequentialEvidence {
  const taken = looks.filter((count) => count <= values.length).map((count) => values.slice(0, count));
  const smallest = (p: (seen: readonly number[]) => number): number =>
    Math.min(1, ...taken.map((seen) => p(seen) * looks.length));
  return {
    looks: taken.length,
    pAbove: smallest((seen) => signedRankP(seen, 'greater')),
    pBelow: smallest((seen) => signedRankP(seen, 'less')),
    pWithinMargin: smallest((seen) =>
      signedRankP(
        seen.map((value) => value - margin),
        'less',
      ),
    ),
  };
}
