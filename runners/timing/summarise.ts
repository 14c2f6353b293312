import { median, quantile, quantileInterval, sortAscending } from '../../core/statistics/quantile.ts';
import type { LatencyProfile } from '../../results/schema.ts';
import type { TimedContender } from './request.ts';

type Timed = Extract<TimedContender, { status: 'timed' }>;

/** Fewest calls that support a percentile with 99 % confidence (MLPerf Inference's early stopping, one over-latency query allowed). */
const callsFor = { p90: 64, p99: 662 } as const;

/** Absolute latency from the processes that timed one contender; a process counts once in the median and its interval. */
export function summariseLatency(
  timed: readonly Timed[],
  { batchSize, level }: { batchSize: number; level: number },
): LatencyProfile {
  const medians = sortAscending(timed.map(({ callMs }) => median(sortAscending(callMs))));
  const calls = sortAscending(timed.flatMap(({ callMs }) => Array.from(callMs)));
  const percentile = (share: number, needed: number): number | null =>
    calls.length < needed ? null : quantile(calls, share);
  return {
    batchSize,
    calls: calls.length,
    meanMs: calls.reduce((sum, call) => sum + call, 0) / calls.length,
    p50Ms: median(medians),
    p50Interval: quantileInterval(medians, { probability: 0.5, level }),
    p90Ms: percentile(0.9, callsFor.p90),
    p99Ms: percentile(0.99, callsFor.p99),
    loadMs: median(sortAscending(timed.map(({ loadMs }) => loadMs))),
    firstCallMs: median(sortAscending(timed.map(({ firstCallMs }) => firstCallMs))),
  };
}
