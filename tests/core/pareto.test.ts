import { expect, test } from 'vitest';
import { paretoSet } from '../../core/pareto.ts';
import { createRandom } from '../../core/random.ts';

interface Choice {
  latencyMs: number;
  sizeBytes: number;
  loss: number;
}

const fast = { latencyMs: 1, sizeBytes: 9, loss: 0.1 };
const good = { latencyMs: 4, sizeBytes: 9, loss: 0.01 };
const small = { latencyMs: 6, sizeBytes: 2, loss: 0.1 };
const beaten = { latencyMs: 5, sizeBytes: 9, loss: 0.05 };

const two = ({ latencyMs, loss }: Choice): number[] => [latencyMs, loss];
const three = ({ latencyMs, loss, sizeBytes }: Choice): number[] => [latencyMs, loss, sizeBytes];

test('what another choice beats in every figure is left out, the cheapest in the first one comes first', () => {
  expect(paretoSet([beaten, small, good, fast], two)).toEqual([fast, good]);
});

test('a choice that is worse in two figures stays for a third', () => {
  expect(paretoSet([beaten, small, good, fast], three)).toEqual([fast, good, small]);
});

test('a choice as good in one figure and worse in another is beaten', () => {
  const larger = { ...fast, sizeBytes: 10 };
  expect(paretoSet([larger, fast], three)).toEqual([fast]);
});

test('equals count once', () => {
  expect(paretoSet([fast, { ...fast }], three)).toEqual([fast]);
});

test('no choice is beaten by one of the set, and every other one is', () => {
  const random = createRandom(3);
  const choices = Array.from({ length: 200 }, () => ({
    latencyMs: random.next(),
    sizeBytes: random.next(),
    loss: random.next(),
  }));
  const set = paretoSet(choices, three);
  const isBeaten = (choice: Choice): boolean =>
    set.some((one) => three(one).every((cost, index) => cost < (three(choice)[index] ?? 0)));
  expect(set.length).toBeGreaterThan(10);
  expect(set.some(isBeaten)).toBe(false);
  expect(choices.filter((choice) => !set.includes(choice)).every(isBeaten)).toBe(true);
});
