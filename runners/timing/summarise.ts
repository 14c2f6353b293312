import { fewestQueries } from '../../core/statistics/early-stopping.ts';
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

/** A percentile is printed where early stopping with one query over latency supports it. */
const supported = [0.9, 0.95, 0.99, 0.999].map((probability) => ({
  probability,
  needed: fewestQueries(probability, 1),
}));

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
    percentiles: supported.map((percentile) => percentileOf(calls, { ...percentile, level })),
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
