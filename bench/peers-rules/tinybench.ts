import { meanInterval } from '../../core/statistics/mean-interval.ts';
import { oneAfterTheOther } from './collect.ts';
import type { PeerRule } from './rule.ts';

/**
 * tinybench 6.2 runs its tasks one after the other in one process and reports each mean with its 95 % margin of error
 * (README, "latency.mean" and "latency.moe"; a t quantile times the standard error). It compares nothing itself; its reader
 * calls a task slower when the two intervals part.
 */
export const tinybenchRule: PeerRule = {
  name: 'tinybench: intervals of the means part',
  processes: 1,
  flags: (recorded) => {
    const { baseline, variant } = oneAfterTheOther(recorded);
    const [before, after] = [meanInterval(baseline, 0.95), meanInterval(variant, 0.95)];
    return before !== null && after !== null && after.low > before.high;
  },
};
