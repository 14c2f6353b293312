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
