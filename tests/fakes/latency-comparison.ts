import { sum } from '../../core/statistics/summary.ts';
import {
  compareShifts,
  medianLogRatio,
  type LatencyDesign,
  type ProcessTimes,
} from '../../results/compare-latency.ts';
import type { LatencyComparison } from '../../results/latency-schema.ts';

/** One comparison with a single look at ten processes, and a margin of 5 %. */
export const singleLook: LatencyDesign = {
  maxSlowdown: 0.05,
  falseAlarms: 0.01,
  alpha: 0.05,
  looks: [10],
  comparisons: 1,
};

/** The comparison a run would store of these processes. */
export function latencyComparison(
  processes: readonly ProcessTimes[],
  design: LatencyDesign = singleLook,
): LatencyComparison | null {
  const [compared] = compareShifts([processes.map(medianLogRatio)], design);
  const pairs = sum(processes.map(({ variant }) => variant.length));
  return compared == null ? null : { ...compared, pairs, cpuRatio: null };
}
