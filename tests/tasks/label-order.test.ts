import { expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { otherLabelOrder } from '../../tasks/label-order.ts';

interface Drawn {
  samples: number;
  labels: number;
  /** Share of answers that are drawn at random. */
  noise: number;
  seed?: number;
}

/** Expected labels, and what a model answers to each. */
function draw(
  { samples, labels, noise, seed = 1 }: Drawn,
  answer: (label: number) => number,
): Parameters<typeof otherLabelOrder>[0] {
  const random = createRandom(seed);
  const expected = Int32Array.from({ length: samples }, () => random.below(labels));
  const predicted = expected.map((label) => (random.next() < noise ? random.below(labels) : answer(label)));
  return { expected, predicted, labels: Array.from({ length: labels }, (_, label) => String(label)) };
}

test.each([
  ['counts its classes from 1', 10, (label: number) => (label + 1) % 10],
  ['has two of its classes the other way about', 2, (label: number) => 1 - label],
  ['has its classes in reverse', 1000, (label: number) => 999 - label],
])('a model that %s is seen, with what its labels would have to mean', (_, labels, answer) => {
  const found = otherLabelOrder(draw({ samples: 20 * labels + 1000, labels, noise: 0.2 }, answer));
  expect(found).not.toBeNull();
  const wrong = [...(found?.meanings.entries() ?? [])].filter(([said, meant]) => answer(meant) !== said);
  expect(wrong.length).toBeLessThanOrEqual(labels / 100);
  expect((found?.renamed ?? 0) / (found?.samples ?? 1)).toBeGreaterThan(0.75);
});

test.each([
  [160, 2],
  [100, 3],
  [100, 10],
])('%d samples tell of %d labels in another order', (samples, labels) => {
  const noise = 0.05;
  for (let seed = 0; seed < 200; seed++) {
    const shifted = draw({ samples, labels, noise, seed }, (label) => (label + 1) % labels);
    expect(otherLabelOrder(shifted), `seed ${seed}`).not.toBeNull();
    expect(otherLabelOrder(draw({ samples, labels, noise: 1, seed }, (label) => label))).toBeNull();
    expect(otherLabelOrder(draw({ samples, labels, noise: 0.5, seed }, (label) => label))).toBeNull();
  }
});

test.each([
  ['knows its labels', { samples: 1000, labels: 10, noise: 0.2 }, (label: number) => label],
  ['guesses', { samples: 1000, labels: 10, noise: 1 }, (label: number) => label],
  [
    'guesses among as many labels as samples',
    { samples: 300, labels: 300, noise: 1 },
    (label: number) => label,
  ],
  ['takes two labels for one', { samples: 1000, labels: 3, noise: 0 }, (label: number) => Math.max(1, label)],
  ['answers the same always', { samples: 1000, labels: 2, noise: 0 }, () => 1],
])('a model that %s raises no doubt, in any of 200 draws', (_, drawn, answer) => {
  for (let seed = 0; seed < 200; seed++) expect(otherLabelOrder(draw({ ...drawn, seed }, answer))).toBeNull();
});

test('a few samples raise no doubt, and none are needed', () => {
  expect(otherLabelOrder(draw({ samples: 40, labels: 2, noise: 0 }, (label) => 1 - label))).toBeNull();
  expect(otherLabelOrder({ labels: [], expected: new Int32Array(), predicted: new Int32Array() })).toBeNull();
});
