import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ownThread } from '../../../runners/pool/own-thread.ts';
import { sharedSplit } from '../../../runners/pool/shared-split.ts';
import { createProject, datasetManifest } from '../../cli/project.ts';

/** Ten samples or so, each a text of so many characters. */
async function textDataset(characters: number): Promise<string> {
  const { folder, write } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true }));
  const rows = Array.from({ length: 20 }, (_, row) => `${'a'.repeat(characters)},${row}`);
  const csv = `text,y\n${rows.join('\n')}\n`;
  const inputs = [{ kind: 'texts', name: 'x', columns: ['text'] }];
  await write('mine.csv', csv);
  await write('mine.dataset.json', JSON.stringify({ ...datasetManifest(csv), inputs }));
  return path.join(folder, 'mine.dataset.json');
}

test.for([
  ['few are kept for all cells', 10, true],
  ['many are read again by each', 10_000, false],
] as const)('of texts, %s', async ([, characters, isKept]) => {
  const { portions } = await sharedSplit(await textDataset(characters), ownThread, 100_000);
  const [first, again] = [await Array.fromAsync(portions()), await Array.fromAsync(portions())];
  expect(again).toEqual(first);
  expect(again[0] === first[0]).toBe(isKept);
});

test('the last portions are quarters of the others, whole batches in the order of the file', async () => {
  const { folder, write } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true }));
  const rows = Array.from({ length: 64 * 64 + 10 }, (_, row) => `${row},1,0`);
  const csv = `a,b,y\n${rows.join('\n')}\n`;
  const split = { seed: 1, testShare: 1, stratify: false };
  await write('mine.csv', csv);
  await write('mine.dataset.json', JSON.stringify({ ...datasetManifest(csv), split }));
  const { portions } = await sharedSplit(path.join(folder, 'mine.dataset.json'), ownThread);
  const ids = (await Array.fromAsync(portions())).map((portion) => [...portion.ids]);
  const sizes = ids.map(({ length }) => length / 64);
  const most = Math.max(...sizes);
  expect(most).toBeGreaterThan(4);
  expect(sizes[0]).toBe(most);
  expect(sizes.at(-2)).toBe(Math.ceil(most / 4));
  expect(sizes.slice(0, -1).every(Number.isInteger)).toBe(true);
  expect(ids.flat()).toEqual(rows.map((_, row) => row + 1));
});
