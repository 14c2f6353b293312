import { createRandom } from '../core/random.ts';
import type { References } from '../core/samples.ts';
import { sum } from '../core/statistics/summary.ts';
import { logSoftmax } from './logits.ts';
import type { FloatTensor } from './outputs.ts';

/** A model's distributions of the next token, after some of the tokens but the last of each sample. */
export interface NextTokens {
  /** How many tokens there are to choose from. */
  vocabulary: number;
  /** Of each sample; null where none is kept. */
  samples: readonly (KeptPositions | null)[];
}

/** Distributions of a sample. */
export interface KeptPositions {
  /** Places of the tokens that they follow, ascending from 0. */
  positions: Int32Array;
  /** ln p of each token, row-major [positions, vocabulary]. */
  logProbabilities: Float32Array;
}

/** Where samples lie among all of a dataset, in positions: places of tokens with a next one. */
export interface Stretch {
  /** Positions of the samples before these. */
  before: number;
  /** About how many all samples have. */
  expected: number;
}

/** Of a cell, in memory and, hardly compressed, in its file. */
export const mostBytes = 32 * 2 ** 20;

/** A figure of fewer would tell of these positions and hardly of the model. */
export const fewestPositions = 16;

/** How many positions' distributions over so many tokens are kept of a cell, at most. */
export function positionsThatFit(vocabulary: number): number {
  return Math.floor(mostBytes / (vocabulary * Float32Array.BYTES_PER_ELEMENT));
}

/** How many positions some samples have; 0 where they are no texts. */
export function positionsIn(references: References): number {
  return references.kind === 'tokens' ? sum(Array.from(references.lengths, positionsOfRow)) : 0;
}

function positionsOfRow(tokens: number): number {
  return Math.max(0, tokens - 1);
}

/**
 * Of rows of so many tokens, with logits [rows, length, vocabulary]. Which positions are kept depends on the vocabulary and on where
 * they lie among all, and so not on batches or threads.
 */
export function nextTokensOf(logits: FloatTensor, lengths: Int32Array, stretch: Stretch): NextTokens {
  const [, length = 0, vocabulary = 0] = logits.shape;
  let { before } = stretch;
  const samples = Array.from(lengths, (tokens, row) => {
    const end = before + positionsOfRow(tokens);
    const kept = keptPositions(vocabulary, { before, expected: stretch.expected }, end);
    before = end;
    return kept.length === 0 ? null : readPositions(logits, row * length, Int32Array.from(kept));
  });
  return { vocabulary, samples };
}

/**
 * The positions that are kept of a sample, counted from its first: as many stretches of equal length as fit are laid over all positions,
 * and one of each is drawn. So each position is as likely to be kept as any other, and those of one text are as few as can be. What
 * exceeds the expected number is not kept.
 */
function keptPositions(vocabulary: number, { before, expected }: Stretch, end: number): number[] {
  const fitting = positionsThatFit(vocabulary);
  if (fitting < fewestPositions) return [];
  const length = Math.max(1, expected / fitting);
  const startOf = (nth: number): number => Math.floor(nth * length);
  const kept: number[] = [];
  for (let nth = Math.max(0, Math.floor(before / length) - 1); nth < fitting && startOf(nth) < end; nth++) {
    const [start, next] = [startOf(nth), startOf(nth + 1)];
    const drawn = next - start === 1 ? start : start + createRandom(nth).below(next - start);
    if (drawn >= before && drawn < end) kept.push(drawn - before);
  }
  return kept;
}

/** The distributions at positions of the row whose first lies at `start` among all of the logits. */
function readPositions(logits: FloatTensor, start: number, positions: Int32Array): KeptPositions {
  const [, , vocabulary = 0] = logits.shape;
  const logProbabilities = new Float32Array(positions.length * vocabulary);
  for (const [index, position] of positions.entries()) {
    const from = (start + position) * vocabulary;
    const own = logits.data.subarray(from, from + vocabulary);
    const logProbability = logSoftmax(own);
    const at = index * vocabulary;
    for (let token = 0; token < vocabulary; token++)
      logProbabilities[at + token] = logProbability(own[token] as number);
  }
  return { positions, logProbabilities };
}

/** As a part of predictions, those of their parts in their order; nothing where a part has none. */
export function joinNextTokens(parts: readonly (NextTokens | undefined)[]): { nextTokens?: NextTokens } {
  const known = parts.filter((part) => part !== undefined);
  const [first] = known;
  if (first === undefined || known.length < parts.length) return {};
  return {
    nextTokens: { vocabulary: first.vocabulary, samples: known.flatMap(({ samples }) => samples) },
  };
}
