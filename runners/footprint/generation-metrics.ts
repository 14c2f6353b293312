import { median, quantileInterval, sortAscending } from '../../core/statistics/quantile.ts';
import type { MetricValue } from '../../results/quality-schema.ts';
import type { FootprintTimes } from './measure-footprint.ts';
import type { FootprintProcess, GeneratedSequence } from './request.ts';

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
 * further one, and new tokens over the whole time. A prompt counts once, by its median over processes: the same prompt
 * in five processes is no five prompts. Medians over prompts; intervals from their order statistics.
 */
export function generationMetrics(times: FootprintTimes, level: number): MetricValue[] {
  const processes = times.status === 'measured' ? times.processes : [];
  const prompts = sequencesByPrompt(processes);
  const longer = prompts.filter(([first]) => first.newTokens > 1);
  const summarise = (identity: Identity, of: readonly SamePrompt[], figure: Figure): MetricValue => ({
    ...identity,
    ...middle(
      of.map((sequences) => median(sortAscending(sequences.map(figure)))),
      level,
    ),
    ...(times.status === 'failed' ? { reason: times.reason } : {}),
    oracle: describePrompts(prompts, processes.length),
    signature: null,
  });
  return [
    summarise(firstToken, prompts, firstTokenMsOf),
    summarise(furtherToken, longer, furtherTokenMsOf),
    summarise(rate, prompts, tokensPerSecondOf),
  ];
}

type Figure = (sequence: GeneratedSequence) => number;
/** One prompt, continued in one process or more. */
type SamePrompt = readonly [GeneratedSequence, ...GeneratedSequence[]];

/** Every process continues the same prompts in the same order, as far as its budget goes. */
function sequencesByPrompt(processes: readonly FootprintProcess[]): SamePrompt[] {
  const most = Math.max(0, ...processes.map(({ sequences }) => sequences.length));
  const prompts = Array.from({ length: most }, (_, prompt) =>
    processes.flatMap(({ sequences }) => sequences[prompt] ?? []),
  );
  return prompts.flatMap(([first, ...others]) =>
    first === undefined || first.newTokens === 0 ? [] : [[first, ...others]],
  );
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
  const reason =
    interval === null ? `An interval of a median takes more prompts than ${values.length}.` : null;
  return { value: median(ascending), reason, interval };
}

function describePrompts(prompts: readonly SamePrompt[], processes: number): string {
  const method = 'greedy decoding without a key-value cache';
  if (prompts.length === 0) return method;
  const over = processes === 1 ? 'one process' : `medians over ${processes} processes`;
  const given = range(prompts.map(([{ promptTokens }]) => promptTokens));
  const continued = range(prompts.map(([{ newTokens }]) => newTokens));
  return `${method}, ${prompts.length} prompts, ${over}, ${given} tokens continued by ${continued}`;
}

function range(counts: readonly number[]): string {
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return low === high ? `${low}` : `${low} to ${high}`;
}
