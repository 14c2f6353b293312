import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { paretoFrontier } from '../../../site/views/pareto.ts';

const fast = { latencyMs: 1, quality: 0.9 };
const good = { latencyMs: 4, quality: 0.99 };
const beaten = { latencyMs: 5, quality: 0.95 };

test('the frontier leaves out what another choice beats on both axes', () => {
  expect(paretoFrontier([beaten, good, fast], 'higher-is-better')).toEqual([fast, good]);
});

test('a metric whose lower values are better turns the frontier round', () => {
  expect(paretoFrontier([beaten, good, fast], 'lower-is-better')).toEqual([fast]);
});

test('equals count once', () => {
  expect(paretoFrontier([fast, { ...fast }], 'higher-is-better')).toEqual([fast]);
});

test('no choice is beaten by one of the frontier, and every other one is', () => {
  const random = createRandom(3);
  const choices = Array.from({ length: 200 }, () => ({ latencyMs: random.next(), quality: random.next() }));
  const frontier = paretoFrontier(choices, 'higher-is-better');
  const isBeaten = (choice: (typeof choices)[number]): boolean =>
    frontier.some(({ latencyMs, quality }) => latencyMs < choice.latencyMs && quality > choice.quality);
  expect(frontier.some(isBeaten)).toBe(false);
  expect(choices.filter((choice) => !frontier.includes(choice)).every(isBeaten)).toBe(true);
});
