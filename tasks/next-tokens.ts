import { joinColumns } from '../core/join-columns.ts';
import { logSoftmax } from './logits.ts';
import type { FloatTensor } from './outputs.ts';

/** A model's distributions of the next token, after each token but the last, of the first samples. */
export interface NextTokens {
  /** How many tokens there are to choose from. */
  vocabulary: number;
  /**
   * ln p of each, row-major [positions, vocabulary], the positions of one sample after those of another; empty where the vocabulary
   * is larger than is kept.
   */
  logProbabilities: Float32Array;
}

/** Distributions over more tokens are not kept: each position would take more than all else of its sample. */
export const mostVocabulary = 1024;

/** Numbers kept of a cell, 4 MiB of them: those of the first samples. */
const mostNumbers = 2 ** 20;

/**
 * The distributions after each token but the last of rows of so many tokens, from logits [rows, length, vocabulary]; of the rows that
 * are among the first of all samples, `before` of which come before these.
 */
export function nextTokensOf(logits: FloatTensor, lengths: Int32Array, before: number): NextTokens {
  const [, length = 0, vocabulary = 0] = logits.shape;
  const rows = Math.max(0, samplesKept(vocabulary, length) - before);
  const kept = Array.from(lengths.subarray(0, rows), (tokens, row) => {
    const start = row * length * vocabulary;
    return logits.data.subarray(start, start + Math.max(0, tokens - 1) * vocabulary);
  });
  return {
    vocabulary,
    logProbabilities: joinNumbers(kept.map((one) => logProbabilitiesOf(one, vocabulary))),
  };
}

function samplesKept(vocabulary: number, length: number): number {
  if (vocabulary > mostVocabulary) return 0;
  return Math.floor(mostNumbers / (vocabulary * Math.max(1, length - 1)));
}

/** Of logits, row-major [positions, vocabulary]. */
function logProbabilitiesOf(logits: FloatTensor['data'], vocabulary: number): Float32Array {
  const found = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += vocabulary) {
    const own = logits.subarray(start, start + vocabulary);
    const logProbability = logSoftmax(own);
    for (const [token, logit] of own.entries()) found[start + token] = logProbability(logit);
  }
  return found;
}

/** As a part of predictions, those of their parts in their order; nothing where a part has none. */
export function joinNextTokens(parts: readonly (NextTokens | undefined)[]): { nextTokens?: NextTokens } {
  const [first] = parts;
  if (first === undefined) return {};
  const columns = parts.map((part) => part?.logProbabilities ?? new Float32Array());
  return { nextTokens: { vocabulary: first.vocabulary, logProbabilities: joinNumbers(columns) } };
}

function joinNumbers(columns: readonly Float32Array[]): Float32Array {
  return joinColumns(columns, (length) => new Float32Array(length));
}

/** The distributions of each sample with so many positions; null of those that are not kept. */
export function splitNextTokens(
  { vocabulary, logProbabilities }: NextTokens,
  positions: Int32Array,
): (Float32Array | null)[] {
  let start = 0;
  return Array.from(positions, (count) => {
    const end = start + Math.max(0, count) * vocabulary;
    if (end > logProbabilities.length) return null;
    const own = logProbabilities.subarray(start, end);
    start = end;
    return own;
  });
}
