import { expect, test } from 'vitest';
import { paretoFrontier } from '../../core/pareto.ts';
import { createRandom } from '../../core/random.ts';

interface Choice {
  latencyMs: number;
  quality: number;
}

const fast = { latencyMs: 1, quality: 0.9 };
const good = { latencyMs: 4, quality: 0.99 };
const beaten = { latencyMs: 5, quality: 0.95 };
const weighing = {
  cost: ({ latencyMs }: Choice): number => latencyMs,
  gain: ({ quality }: Choice): number => quality,
};

test('the frontier leaves out what another choice beats in both', () => {
  expect(paretoFrontier([beaten, good, fast], weighing)).toEqual([fast, good]);
});

test('where less of a figure is the gain, the frontier turns round', () => {
  const gain = ({ quality }: Choice): number => -quality;
  expect(paretoFrontier([beaten, good, fast], { ...weighing, gain })).toEqual([fast]);
});

test('equals count once', () => {
  expect(paretoFrontier([fast, { ...fast }], weighing)).toEqual([fast]);
});

test('no choice is beaten by one of the frontier, and every other one is', () => {
  const random = createRandom(3);
  const choices = Array.from({ length: 200 }, () => ({ latencyMs: random.next(), quality: random.next() }));
  const frontier = paretoFrontier(choices, weighing);
  const isBeaten = (choice: Choice): boolean =>
    frontier.some(({ latencyMs, quality }) => latencyMs < choice.latencyMs && quality > choice.quality);
  expect(frontier.some(isBeaten)).toBe(false);
  expect(choices.filter((choice) => !frontier.includes(choice)).every(isBeaten)).toBe(true);
});
