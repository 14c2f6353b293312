import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createOnce } from '../../results/create-once.ts';

/** What a memory card answers to one who asks for a link. */
const noLinks = (): Promise<void> => Promise.reject(Object.assign(new Error('no links'), { code: 'EPERM' }));

test.for([
  ['with', {}],
  ['without', { link: noLinks }],
] as const)('on file systems %s links, one of several that make a file does', async ([, effects]) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-once-'));
  const file = path.join(folder, 'lock.json');
  expect(await createOnce(file, 'first', effects)).toBe(true);
  expect(await createOnce(file, 'second', effects)).toBe(false);
  expect(await readFile(file, 'utf8')).toBe('first');
  expect(await readdir(folder)).toEqual(['lock.json']);
});

test('a folder that takes no files is told', async () => {
  await expect(createOnce('/proc/lock.json', '', { link: noLinks })).rejects.toMatchObject({
    code: 'results-unwritable',
  });
});
