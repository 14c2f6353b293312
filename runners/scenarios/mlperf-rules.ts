import { fewestQueries, mostOverLatency } from '../../core/statistics/early-stopping.ts';
import type { ServerAttempt } from '../../results/scenario-schema.ts';

/** What a submission to MLPerf Inference must last. */
const leastDurationMs = 600_000;
/** What a submission of the offline scenario must process. */
const leastOfflineSamples = 24_576;

/** Why latencies of a stream do not count. `probability` is the percentile that MLPerf judges. */
export function streamReasons(
  { queries, durationMs }: { queries: number; durationMs: number },
  probability: number,
): string[] {
  const needed = fewestQueries(probability, 1);
  const tooFew = `${queries} queries; early stopping at the ${ordinal(probability)} percentile takes ${needed}`;
  return [...durationReasons(durationMs), ...(queries < needed ? [tooFew] : [])];
}

/** Why a throughput does not count. */
export function offlineReasons({ samples, durationMs }: { samples: number; durationMs: number }): string[] {
  const tooFew = `${samples} samples; MLPerf asks for ${leastOfflineSamples}`;
  return [...durationReasons(durationMs), ...(samples < leastOfflineSamples ? [tooFew] : [])];
}

/** Why a rate does not count: its confirmation, or that there is none. */
export function serverReasons(confirmation: ServerAttempt | null, whyNone: string): string[] {
  return confirmation === null ? [whyNone] : durationReasons(confirmation.durationMs);
}

/** Whether the share of queries over latency is small enough with 99 % confidence. */
export function meetsBound(queries: number, overLatency: number, probability: number): boolean {
  return overLatency <= (mostOverLatency(queries, probability) ?? -1);
}

function durationReasons(durationMs: number): string[] {
  if (durationMs >= leastDurationMs) return [];
  const seconds = Number((durationMs / 1000).toPrecision(2));
  return [`it lasted ${seconds} s; MLPerf asks for ${leastDurationMs / 1000} s`];
}

function ordinal(probability: number): string {
  return `${Number((probability * 100).toPrecision(4))}th`;
}
