import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { hodgesLehmann, signedRankP } from '../../core/statistics/signed-rank.ts';

/** Fewer values than this in a third say nothing. */
const leastOfThird = 3;
/** A drift of less than this share is no matter. */
const tolerance = 0.05;
const significance = 0.01;

/** How a series changed from its first third to its last, as a share of the first. */
export interface Drift {
  where: 'within processes' | 'over processes';
  share: number;
}

/**
 * Drifts of more than 5 % of the baseline's times, in milliseconds, one array a process: within processes where the exact
 * signed-rank test over them has p < 0.01, over processes where every one of the last third lies beyond the first third.
 */
export function findDrifts(processes: readonly ArrayLike<number>[]): Drift[] {
  return [...driftWithin(processes), ...driftOver(processes)];
}

function driftWithin(processes: readonly ArrayLike<number>[]): Drift[] {
  const changes = processes.flatMap((times) => {
    const [first, last] = outerThirds(Array.from(times));
    return first.length < leastOfThird ? [] : [Math.log(medianOf(last) / medianOf(first))];
  });
  if (changes.length < 2 || signedRankP(changes, 'two-sided') >= significance) return [];
  const share = Math.expm1(hodgesLehmann(changes));
  return Math.abs(share) <= tolerance ? [] : [{ where: 'within processes', share }];
}

function driftOver(processes: readonly ArrayLike<number>[]): Drift[] {
  const timed = processes.filter((times) => times.length > 0);
  const [first, last] = outerThirds(timed.map((times) => medianOf(Array.from(times))));
  if (first.length < leastOfThird) return [];
  const isApart = Math.min(...last) > Math.max(...first) || Math.max(...last) < Math.min(...first);
  const share = medianOf(last) / medianOf(first) - 1;
  return isApart && Math.abs(share) > tolerance ? [{ where: 'over processes', share }] : [];
}

function outerThirds(values: readonly number[]): [first: number[], last: number[]] {
  const third = Math.floor(values.length / 3);
  return [values.slice(0, third), values.slice(values.length - third)];
}

function medianOf(values: readonly number[]): number {
  return median(sortAscending(values));
}
