import {
  median,
  quantile,
  quantileInterval,
  sortAscending,
  type Sorted,
} from '../../core/statistics/quantile.ts';
import type { LatencyProfile, Percentile } from '../../results/latency-schema.ts';
import type { TimedContender } from './request.ts';

type Timed = Extract<TimedContender, { status: 'timed' }>;

/** Fewest calls that support a percentile with 99 % confidence (MLPerf Inference's early stopping, one over-latency query allowed). */
const callsFor = [
  [0.9, 64],
  [0.95, 130],
  [0.99, 662],
  [0.999, 6636],
] as const;

/** Absolute latency from the processes that timed one contender; a process counts once in the median and its interval. */
export function summariseLatency(
  timed: readonly Timed[],
  { batchSize, level }: { batchSize: number; level: number },
): LatencyProfile {
  const profiled = timed.filter(({ callMs }) => callMs.length > 0);
  const medians = sortAscending(profiled.map(({ callMs }) => median(sortAscending(callMs))));
  const calls = sortAscending(timed.flatMap(({ callMs }) => Array.from(callMs)));
  return {
    batchSize,
    calls: calls.length,
    meanMs: calls.reduce((sum, call) => sum + call, 0) / calls.length,
    p50Ms: median(medians),
    p50Interval: quantileInterval(medians, { probability: 0.5, level }),
    percentiles: callsFor.map(([probability, needed]) => percentileOf(calls, { probability, needed, level })),
  };
}

function percentileOf(
  calls: Sorted,
  { probability, needed, level }: { probability: number; needed: number; level: number },
): Percentile {
  if (calls.length < needed) {
    const reason = `${calls.length} calls; this percentile takes ${needed}`;
    return { probability, ms: null, interval: null, reason };
  }
  const interval = quantileInterval(calls, { probability, level });
  return { probability, ms: quantile(calls, probability), interval, reason: null };
}
