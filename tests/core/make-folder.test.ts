import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolder } from '../../core/make-folder.ts';

function emptyFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-folder-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

test('folders that are missing are made, and one that is there is left alone', async () => {
  const folder = path.join(emptyFolder(), 'a/b/c');
  await makeFolder(folder);
  await makeFolder(folder);
  expect(existsSync(folder)).toBe(true);
});

test('several that make the same folders at once all have them', async () => {
  const folder = path.join(emptyFolder(), 'a/b/c');
  await Promise.all(Array.from({ length: 20 }, () => makeFolder(folder)));
  expect(existsSync(folder)).toBe(true);
});

test('a file in the way is an error', async () => {
  const file = path.join(emptyFolder(), 'file');
  writeFileSync(file, '');
  await expect(makeFolder(path.join(file, 'below'))).rejects.toThrow('ENOTDIR');
});

test.runIf(process.platform === 'linux')(
  'a place that takes no folders is an error, not an endless loop',
  async () => {
    await expect(makeFolder('/proc/none/runs')).rejects.toThrow('ENOENT');
  },
);
