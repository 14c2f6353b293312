import type { LatencyProfile } from '../results/latency-schema.ts';
import type { MetricValue } from '../results/schema.ts';

/**
 * Tokens a second of greedy generation without a key-value cache: a timed call runs the whole context and yields one
 * token for each row of the batch. Its interval is that of the median latency, inverted.
 */
export function tokenRate({ p50Ms, p50Interval, batchSize }: LatencyProfile): MetricValue {
  const rate = (latencyMs: number): number => (1000 * batchSize) / latencyMs;
  return {
    id: 'tokens-per-second',
    label: 'Tokens per second',
    unit: 'tokens/s',
    direction: 'higher-is-better',
    value: rate(p50Ms),
    reason: null,
    interval:
      p50Interval === null
        ? null
        : { ...p50Interval, low: rate(p50Interval.high), high: rate(p50Interval.low) },
    oracle: 'batch size / median latency',
  };
}
