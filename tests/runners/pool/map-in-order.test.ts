import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { mapInOrder } from '../../../runners/pool/map-in-order.ts';

const items = (count: number): AsyncIterable<number> => Readable.from(Array.from({ length: count }).keys());

test('results come in the order of the items, whichever is done first', async () => {
  const release: (() => void)[] = [];
  const mapped = mapInOrder(items(4), 4, async (item) => {
    const turn = new Promise<void>((resolve) => release.unshift(resolve));
    if (item === 3) for (const go of release) go();
    await turn;
    return item * 10;
  });
  expect(await mapped).toEqual([0, 10, 20, 30]);
});

test('no more than so many are under way', async () => {
  let [now, most] = [0, 0];
  await mapInOrder(items(20), 3, async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
  });
  expect(most).toBe(3);
});

test('the first failure in order is thrown, and no item is taken after it', async () => {
  const taken: number[] = [];
  const failing = mapInOrder(items(100), 2, (item) => {
    taken.push(item);
    return item >= 5 ? Promise.reject(new Error(`item ${item}`)) : Promise.resolve(item);
  });
  await expect(failing).rejects.toThrow('item 5');
  expect(taken.length).toBeLessThan(10);
});

test('the next item is taken once any is done, though the first is not', async () => {
  const release: (() => void)[] = [];
  const taken: number[] = [];
  const mapped = mapInOrder(items(6), 2, async (item) => {
    taken.push(item);
    if (item === 0) await new Promise<void>((resolve) => release.push(resolve));
    if (item === 5) for (const go of release) go();
    return item;
  });
  expect(await mapped).toEqual([0, 1, 2, 3, 4, 5]);
  expect(taken).toEqual([0, 1, 2, 3, 4, 5]);
});
