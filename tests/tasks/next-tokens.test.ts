import { expect, test } from 'vitest';
import { nextTokensOf, type Stretch } from '../../tasks/next-tokens.ts';
import type { FloatTensor } from '../../tasks/outputs.ts';

/** Tokens over which 32 MiB hold just 20 distributions. */
const vocabulary = Math.floor(2 ** 23 / 20);
/** A row of three positions and one of two. */
const lengths = Int32Array.of(4, 3);

/** The same logits everywhere, of two rows of four tokens. */
function flatOver(tokens: number): FloatTensor {
  return { type: 'float32', shape: [2, 4, tokens], data: new Float32Array(8 * tokens) };
}

const logits = flatOver(vocabulary);

const keptOf = (stretch: Stretch, tokens: Int32Array = lengths): number[][] =>
  nextTokensOf(logits, tokens, stretch).samples.map((sample) => [...(sample?.positions ?? [])]);

test('as many positions are kept as fit 32 MiB, and none beyond', () => {
  expect(keptOf({ before: 15, all: 0 })).toEqual([
    [0, 1, 2],
    [0, 1],
  ]);
  expect(keptOf({ before: 16, all: 0 })).toEqual([[0, 1, 2], [0]]);
  expect(keptOf({ before: 20, all: 0 })).toEqual([[], []]);
});

/** What is kept of `all` positions in rows of three and of two, asked for both at a time or one after the other. */
function keptOfAll(all: number, isApart: boolean): number[] {
  const kept: number[] = [];
  for (let before = 0; before < all; before += 5) {
    const [first, second] = [lengths.subarray(0, 1), lengths.subarray(1)];
    const [own = [], other = []] = isApart
      ? [keptOf({ before, all }, first).flat(), keptOf({ before: before + 3, all }, second).flat()]
      : keptOf({ before, all });
    kept.push(...own.map((position) => before + position), ...other.map((position) => before + 3 + position));
  }
  return kept;
}

test('of more positions than fit as many are kept, from the first samples to the last, whatever those are parted into', () => {
  for (const all of [30, 200]) {
    const together = keptOfAll(all, false);
    expect(together).toHaveLength(20);
    expect(keptOfAll(all, true)).toEqual(together);
    expect(together[0]).toBeLessThan(all / 4);
    expect(together.at(-1)).toBeGreaterThan((3 * all) / 4);
  }
});

test('no place within texts of the same length is kept more often than others', () => {
  const counts = [0, 0, 0];
  const tokens = Math.floor(2 ** 23 / 2000);
  const flat: FloatTensor = { type: 'float32', shape: [1, 4, tokens], data: new Float32Array(4 * tokens) };
  for (let before = 0; before < 3000; before += 3) {
    const { samples } = nextTokensOf(flat, Int32Array.of(4), { before, all: 3000 });
    for (const place of samples[0]?.positions ?? []) counts[place] = (counts[place] ?? 0) + 1;
  }
  // 2,000 of 3,000: 667 each, give or take 3.3 standard deviations of a draw without replacement.
  for (const count of counts) expect(Math.abs(count - 2000 / 3)).toBeLessThan(40);
});

test('of a vocabulary of which fewer than 16 distributions fit, none is kept', () => {
  const keptOver = (tokens: number) =>
    nextTokensOf(flatOver(tokens), Int32Array.of(2), { before: 0, all: 0 }).samples;
  expect(keptOver(2 ** 19 + 1)).toEqual([null]);
  const logProbabilities = new Float32Array(2 ** 19).fill(-19 * Math.LN2);
  expect(keptOver(2 ** 19)).toEqual([{ positions: Int32Array.of(0), logProbabilities }]);
});

test('rows of a single token have no positions', () => {
  expect(keptOf({ before: 0, all: 0 }, Int32Array.of(1, 0))).toEqual([[], []]);
});
