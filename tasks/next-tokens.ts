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
  /** How many all samples have. */
  all: number;
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
    const kept = keptPositions(vocabulary, { before, all: stretch.all }, end);
    before = end;
    return kept.length === 0 ? null : readPositions(logits, row * length, Int32Array.from(kept));
  });
  return { vocabulary, samples };
}

/** The positions that are kept of a sample, counted from its first: all where all fit, else what is drawn of them. */
function keptPositions(vocabulary: number, { before, all }: Stretch, end: number): number[] {
  const fitting = positionsThatFit(vocabulary);
  if (fitting < fewestPositions) return [];
  const kept: number[] = [];
  if (all <= fitting) {
    for (let position = before; position < Math.min(end, fitting); position++) kept.push(position - before);
    return kept;
  }
  const drawn = drawnOf(all, fitting);
  for (let nth = placeOf(before, drawn); nth < fitting && (drawn[nth] ?? end) < end; nth++)
    kept.push((drawn[nth] ?? 0) - before);
  return kept;
}

/** What was drawn last, since batch after batch asks for the same. */
let last: { all: number; count: number; drawn: Int32Array } | null = null;

/** So many of all numbers from 0, ascending: each set of them is as likely as any other (Floyd), and it is always the same one. */
function drawnOf(all: number, count: number): Int32Array {
  if (last?.all === all && last.count === count) return last.drawn;
  const random = createRandom(1);
  const chosen = new Set<number>();
  for (let bound = all - count + 1; bound <= all; bound++) {
    const pick = random.below(bound);
    chosen.add(chosen.has(pick) ? bound - 1 : pick);
  }
  const drawn = Int32Array.from(chosen).sort();
  last = { all, count, drawn };
  return drawn;
}

/** How many of ascending numbers are below one. */
function placeOf(number: number, ascending: Int32Array): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Infinity) < number) low = middle + 1;
    else high = middle;
  }
  return low;
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
