import { mean } from '../../core/statistics/summary.ts';
import { separateRuns } from './collect.ts';
import type { PeerRule } from './rule.ts';

/**
 * github-action-benchmark of 2026-03 (README, "alert-threshold"): the mean of this commit's run over that of the previous one is
 * more than the threshold, 200 % unless set.
 */
export function githubActionBenchmarkRule(thresholdPercent: number): PeerRule {
  return {
    name: `github-action-benchmark: alert-threshold ${thresholdPercent} %`,
    processes: 2,
    flags: (recorded) => {
      const { baseline, variant } = separateRuns(recorded);
      return mean(variant) / mean(baseline) > thresholdPercent / 100;
    },
  };
}
