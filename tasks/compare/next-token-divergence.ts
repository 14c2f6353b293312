import { inflated, spreadOf } from '../../core/statistics/influence.ts';
import { quantile, sortAscending } from '../../core/statistics/quantile.ts';
import { sum } from '../../core/statistics/summary.ts';
import type { Interval } from '../../core/verdict.ts';
import {
  fewestPositions,
  mostBytes,
  positionsThatFit,
  type KeptPositions,
  type NextTokens,
} from '../next-tokens.ts';
import { placeOfHighest } from '../outputs.ts';
import type { GenerationPredictions } from '../predictions.ts';
import { hasWidth } from './has-width.ts';
import { takeFacts } from './kinds/columns.ts';
import { noWidth, oneCluster } from './no-interval-reasons.ts';
import { skewedReachOf } from './reach.ts';
import { samplingOf, type Sampling } from './sampling.ts';

/** How far a variant's distributions of the next token are from its baseline's, as llama.cpp tells of it. */
export interface NextTokenDivergence {
  /** Mean over positions of KL(baseline || variant), in nats. */
  klDivergence: number;
  /** Of that mean; samples, or clusters of them, are drawn whole. Null where none can be made, as `reason` tells. */
  interval: Interval | null;
  reason: string | null;
  /** Of the divergences of single positions; null of fewer than a hundred. */
  percentile99: number | null;
  max: number;
  /** Share of positions with the same likeliest token, 0 to 1. */
  sameLikeliest: number;
  /** How many positions all of this is of, and how many samples they lie in. */
  positions: number;
  samples: number;
}

export type DivergenceOrReason =
  { divergence: NextTokenDivergence; reason: null } | { divergence: null; reason: string };

/** The divergence over the positions whose distributions are kept of both, or why there is none. */
export function nextTokenDivergence(
  baseline: GenerationPredictions,
  variant: GenerationPredictions,
  level: number,
): DivergenceOrReason {
  const [before, after] = [baseline.nextTokens, variant.nextTokens];
  if (before === undefined || after === undefined) return { divergence: null, reason: notKept };
  const reason = whyNone(before, after);
  if (reason !== null) return { divergence: null, reason };
  const rows = rowsOf({ before, after });
  if (rows.length === 0) return { divergence: null, reason: nothingInCommon };
  const all = rows.flatMap((row) => row.divergences);
  const mean = sum(all) / all.length;
  const same = sum(rows.map((row) => row.same));
  return {
    divergence: {
      klDivergence: mean,
      ...intervalOf({ rows, mean, positions: all.length }, baseline, level),
      percentile99: all.length < 100 ? null : quantile(sortAscending(all), 0.99),
      max: all.reduce((most, one) => Math.max(most, one), 0),
      sameLikeliest: same / all.length,
      positions: all.length,
      samples: rows.length,
    },
    reason: null,
  };
}

const notKept = 'The predictions are from before distributions of the next token were kept.';
const nothingInCommon = 'Distributions of the next token are kept of other tokens of the baseline.';

function whyNone(before: NextTokens, after: NextTokens): string | null {
  const [tokens, others] = [before.vocabulary, after.vocabulary];
  if (tokens !== others)
    return `The baseline chooses among ${tokens} tokens and the variant among ${others}.`;
  if ([before, after].every(({ samples }) => samples.some((sample) => sample !== null))) return null;
  const fitting = positionsThatFit(tokens);
  return fitting < fewestPositions
    ? `The model chooses among ${tokens} tokens, so that ${mostBytes / 2 ** 20} MiB hold ${fitting} distributions; from ${fewestPositions} on they are kept.`
    : 'No distribution of the next token is kept: samples hold a single token, or the predictions are from before any was kept of so many tokens.';
}

/** The positions of a sample. */
interface Row {
  /** Which sample it is. */
  sample: number;
  divergences: readonly number[];
  /** How many have the same likeliest token. */
  same: number;
}

function rowsOf({ before, after }: Record<'before' | 'after', NextTokens>): Row[] {
  return before.samples.flatMap((own, sample) => {
    const other = after.samples[sample];
    if (own === null || other == null) return [];
    const row = { sample, ...compareAt(own, other, before.vocabulary) };
    return row.divergences.length === 0 ? [] : [row];
  });
}

/** At the positions that are kept of both. */
function compareAt(own: KeptPositions, other: KeptPositions, vocabulary: number): Omit<Row, 'sample'> {
  const divergences: number[] = [];
  let same = 0;
  let at = 0;
  for (const [index, position] of own.positions.entries()) {
    while ((other.positions[at] ?? Infinity) < position) at++;
    if (other.positions[at] !== position) continue;
    const [from, to] = [distributionAt(own, index, vocabulary), distributionAt(other, at, vocabulary)];
    divergences.push(klDivergence(from, to));
    same += Number(placeOfHighest(from) === placeOfHighest(to));
  }
  return { divergences, same };
}

function distributionAt(
  { logProbabilities }: KeptPositions,
  index: number,
  vocabulary: number,
): Float32Array {
  return logProbabilities.subarray(index * vocabulary, (index + 1) * vocabulary);
}

/** Probabilities are kept off 0 by so much, as log loss does: a token that the variant rules out counts much but not infinitely. */
const leastLogProbability = Math.log(Number.EPSILON);

/**
 * KL of distributions given by ln p, as SciPy's `kl_div` has it: p ln(p / q) - p + q, of which no term is below 0, so that rounding to
 * float32 hardly shows where the distributions hardly differ.
 */
export function klDivergence(baseline: Float32Array, variant: Float32Array): number {
  let divergence = 0;
  for (let token = 0; token < baseline.length; token++) {
    const [own, other] = [baseline[token]!, variant[token]!];
    const kept = Math.max(other, Math.min(leastLogProbability, own));
    divergence += own === -Infinity ? Math.exp(other) : termOf(own, kept - own);
  }
  return divergence;
}

/** p ln(p / q) - p + q from ln p and ln q - ln p. */
function termOf(own: number, change: number): number {
  // A far likelier token overflows by itself, though its probability does not.
  if (change > 1) return Math.exp(own + change) - Math.exp(own) * (1 + change);
  return Math.exp(own) * (Math.expm1(change) - change);
}

interface Mean {
  rows: readonly Row[];
  mean: number;
  positions: number;
}

type IntervalOrReason = Pick<NextTokenDivergence, 'interval' | 'reason'>;

/** A mean over positions whose number varies from sample to sample: a ratio of two sums over samples. */
function intervalOf(found: Mean, { ids, clusters }: GenerationPredictions, level: number): IntervalOrReason {
  const { rows, mean, positions } = found;
  const samples = Int32Array.from(rows, ({ sample }) => sample);
  const taken = takeFacts({ ids, ...(clusters === undefined ? {} : { clusters }) }, samples);
  const sampling = samplingOf(taken);
  if (sampling === null) return { interval: null, reason: oneCluster };
  if (sampling.units < 2) return { interval: null, reason: 'An interval takes two samples; there is one.' };
  const influences = Float64Array.from(
    rows,
    ({ divergences }) => (sum(divergences) - mean * divergences.length) / positions,
  );
  const interval = aroundMean(mean, { sampling, influences }, level);
  return hasWidth(interval, mean) ? { interval, reason: null } : { interval: null, reason: noWidth };
}

function aroundMean(
  mean: number,
  { sampling, influences }: { sampling: Sampling; influences: Float64Array },
  level: number,
): Interval {
  const { units } = sampling;
  const reach = skewedReachOf(spreadOf(inflated(sampling.total(influences)), { units, freedom: units - 1 }));
  return sampling.describe({
    low: Math.max(0, mean - reach.to('low', level)),
    high: mean + reach.to('high', level),
    level,
    method: `ratio over ${sampling.noun}, ${reach.method} (n=${units})`,
  });
}
