import { mean } from '../../core/statistics/summary.ts';
import { oneAfterTheOther } from './collect.ts';
import type { PeerRule } from './rule.ts';

/**
 * vitest 5.1 `expect(variant).toBeSlowerThan(baseline, { delta })` (guide "Benchmarking"): the mean latency is more than
 * 1 + delta times the other; delta is 0 unless given. Its benchmarks are tinybench tasks, one after the other.
 */
export function vitestRule(delta: number): PeerRule {
  return {
    name: `vitest bench: toBeSlowerThan, delta ${delta}`,
    processes: 1,
    flags: (recorded) => {
      const { baseline, variant } = oneAfterTheOther(recorded);
      return mean(variant) > mean(baseline) * (1 + delta);
    },
  };
}
