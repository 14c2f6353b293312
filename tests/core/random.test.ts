import { expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';

const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);

test('the same seed gives the same stream, today and in every later version', () => {
  const [one, other] = [createRandom(42), createRandom(42)];
  expect(draw(50, () => one.next())).toEqual(draw(50, () => other.next()));
  const fixed = createRandom(1);
  expect(draw(3, () => fixed.below(1000))).toMatchInlineSnapshot(`
    [
      449,
      466,
      671,
    ]
  `);
});

test('neighbouring seeds give unrelated streams', () => {
  const streams = draw(200, () => 0).map((_, seed) => createRandom(seed));
  const firsts = streams.map((stream) => stream.next());
  expect(new Set(firsts).size).toBe(200);
  const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 200));
});

test('numbers are uniform in [0, 1)', () => {
  const random = createRandom(5);
  const bins = new Array<number>(20).fill(0);
  for (let count = 0; count < 40_000; count++) {
    const value = random.next();
    expect(value >= 0 && value < 1).toBe(true);
    const bin = Math.floor(value * 20);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const chiSquare = bins.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
  // The 99.9 % quantile of chi-square with 19 degrees of freedom.
  expect(chiSquare).toBeLessThan(43.8);
});

test('integers below a bound reach each of them and no other', () => {
  const random = createRandom(6);
  expect(new Set(draw(500, () => random.below(7)))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
  expect(draw(20, () => random.below(1)).every((value) => value === 0)).toBe(true);
});

test('normal numbers have mean 0, variance 1 and 5 % beyond 1.96', () => {
  const random = createRandom(7);
  const values = draw(40_000, () => random.normal());
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  const beyond = values.filter((value) => Math.abs(value) > 1.96).length / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  expect(Math.abs(beyond - 0.05)).toBeLessThan(0.005);
});

test('shuffling keeps the items, leaves its input alone and prefers no order', () => {
  const random = createRandom(8);
  const items = ['a', 'b', 'c'];
  const counts = new Map<string, number>();
  for (let count = 0; count < 6000; count++) {
    const order = random.shuffle(items).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(items).toEqual(['a', 'b', 'c']);
  expect([...counts.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
});
