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
  expect(keptOf({ before: 15, expected: 0 })).toEqual([
    [0, 1, 2],
    [0, 1],
  ]);
  expect(keptOf({ before: 16, expected: 0 })).toEqual([[0, 1, 2], [0]]);
  expect(keptOf({ before: 20, expected: 0 })).toEqual([[], []]);
});

test('positions of which not all fit are spread over all samples, whatever those are parted into', () => {
  const expected = 200;
  const [together, apart]: [number[], number[]] = [[], []];
  for (let before = 0; before < expected; before += 5) {
    const [own = [], other = []] = keptOf({ before, expected });
    together.push(...own.map((position) => before + position));
    together.push(...other.map((position) => before + 3 + position));
    const [first = []] = keptOf({ before, expected }, lengths.subarray(0, 1));
    const [second = []] = keptOf({ before: before + 3, expected }, lengths.subarray(1));
    apart.push(...first.map((position) => before + position));
    apart.push(...second.map((position) => before + 3 + position));
  }
  expect(apart).toEqual(together);
  // One of each ten, and not always the same of them.
  const tens = together.map((position) => Math.floor(position / 10));
  expect(tens).toEqual([...Array(20).keys()]);
  expect(new Set(together.map((position) => position % 10)).size).toBeGreaterThan(5);
});

test('of a vocabulary of which fewer than 16 distributions fit, none is kept', () => {
  const keptOver = (tokens: number) =>
    nextTokensOf(flatOver(tokens), Int32Array.of(2), { before: 0, expected: 0 }).samples;
  expect(keptOver(2 ** 19 + 1)).toEqual([null]);
  const logProbabilities = new Float32Array(2 ** 19).fill(-19 * Math.LN2);
  expect(keptOver(2 ** 19)).toEqual([{ positions: Int32Array.of(0), logProbabilities }]);
});

test('rows of a single token have no positions', () => {
  expect(keptOf({ before: 0, expected: 0 }, Int32Array.of(1, 0))).toEqual([[], []]);
});
