import { median, quantileInterval, sortAscending } from '../../core/statistics/quantile.ts';
import type { MetricValue } from '../../results/schema.ts';
import type { FootprintTimes } from './measure-footprint.ts';
import type { GeneratedSequence } from './request.ts';

type Identity = Pick<MetricValue, 'id' | 'label' | 'unit' | 'direction'>;

const firstToken = {
  id: 'time-to-first-token',
  label: 'Time to first token',
  unit: 'ms',
  direction: 'lower-is-better',
} as const;
const furtherToken = {
  id: 'time-per-output-token',
  label: 'Time per output token',
  unit: 'ms',
  direction: 'lower-is-better',
} as const;
const rate = {
  id: 'tokens-per-second',
  label: 'Tokens per second',
  unit: 'tokens/s',
  direction: 'higher-is-better',
} as const;

/**
 * What greedy generation takes, one sequence at a time without a key-value cache: until the first new token, for each
 * further one, and new tokens over the whole time. Medians over sequences; intervals from their order statistics.
 */
export function generationMetrics(times: FootprintTimes, level: number): MetricValue[] {
  const processes = times.status === 'measured' ? times.processes : [];
  const sequences = processes
    .flatMap((process) => process.sequences)
    .filter(({ newTokens }) => newTokens > 0);
  const longer = sequences.filter(({ newTokens }) => newTokens > 1);
  const summarise = (identity: Identity, valuesOf: readonly number[]): MetricValue => ({
    ...identity,
    ...middle(valuesOf, level),
    ...(times.status === 'failed' ? { reason: times.reason } : {}),
    oracle: describeSequences(sequences, processes.length),
  });
  return [
    summarise(firstToken, sequences.map(firstTokenMsOf)),
    summarise(furtherToken, longer.map(furtherTokenMsOf)),
    summarise(rate, sequences.map(tokensPerSecondOf)),
  ];
}

function firstTokenMsOf({ firstTokenMs }: GeneratedSequence): number {
  return firstTokenMs;
}

function furtherTokenMsOf({ furtherTokensMs, newTokens }: GeneratedSequence): number {
  return furtherTokensMs / (newTokens - 1);
}

function tokensPerSecondOf({ newTokens, firstTokenMs, furtherTokensMs }: GeneratedSequence): number {
  return (1000 * newTokens) / (firstTokenMs + furtherTokensMs);
}

function middle(
  values: readonly number[],
  level: number,
): Pick<MetricValue, 'value' | 'reason' | 'interval'> {
  if (values.length === 0) return { value: null, reason: 'no sequence was long enough', interval: null };
  const ascending = sortAscending(values);
  const interval = quantileInterval(ascending, { probability: 0.5, level });
  return { value: median(ascending), reason: null, interval };
}

function describeSequences(sequences: readonly GeneratedSequence[], processes: number): string {
  const method = 'greedy decoding without a key-value cache';
  if (sequences.length === 0) return method;
  const prompts = range(sequences.map(({ promptTokens }) => promptTokens));
  const continued = range(sequences.map(({ newTokens }) => newTokens));
  return `${method}, ${sequences.length} sequences in ${processes} processes, ${prompts} tokens continued by ${continued}`;
}

function range(counts: readonly number[]): string {
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return low === high ? `${low}` : `${low} to ${high}`;
}
