import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { meansOfRuns, separateRuns } from './collect.ts';
import { mannWhitneyP } from './mann-whitney.ts';
import type { PeerRule } from './rule.ts';

const runsOfBenchmark = 10;

/**
 * Go's benchstat, golang.org/x/perf of 2026-09 (command documentation, "Tips": at least 10 runs): `go test -count=10` of
 * the baseline, then of the variant, each run a mean time an operation; a difference of medians is shown when the exact
 * two-sided Mann-Whitney test has p < 0.05.
 */
export const benchstatRule: PeerRule = {
  name: 'benchstat: Mann-Whitney of 10 runs each',
  processes: 2,
  flags: (recorded) => {
    const runs = separateRuns(recorded);
    return isSlower(meansOfRuns(runs.baseline, runsOfBenchmark), meansOfRuns(runs.variant, runsOfBenchmark));
  },
};

/** Whether benchstat shows the second set of runs as slower than the first. */
export function isSlower(before: readonly number[], after: readonly number[]): boolean {
  const [was, is] = [median(sortAscending(before)), median(sortAscending(after))];
  return is > was && mannWhitneyP(before, after) < 0.05;
}
