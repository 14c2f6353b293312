import { mkdtemp, rename, rm, utimes, writeFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../../../core/hash.ts';
import { readHashed } from '../../../models/onnx/read-hashed.ts';

let file = '';
beforeEach(async () => {
  file = path.join(await mkdtemp(path.join(tmpdir(), 'assay-hashed-')), 'model.onnx');
  await writeFile(file, 'first');
});
afterEach(async () => {
  await rm(path.dirname(file), { recursive: true });
});

/** Reads `delayMs` from now, and says whether the bytes were hashed to that end. */
async function read(delayMs: number): Promise<{ text: string; sha256: string; isHashed: boolean }> {
  let isHashed = false;
  const hash = (bytes: Uint8Array): string => {
    isHashed = true;
    return sha256(bytes);
  };
  const found = await readHashed(file, { hash, now: () => Date.now() + delayMs });
  return { text: Buffer.from(found.bytes).toString(), sha256: found.sha256, isHashed };
}

test('a file that did not change for a while is hashed once', async () => {
  const expected = { text: 'first', sha256: sha256('first') };
  expect(await read(5000)).toEqual({ ...expected, isHashed: true });
  expect(await read(5000)).toEqual({ ...expected, isHashed: false });
});

test('a file that changed a moment ago is hashed each time, as its next change may not show', async () => {
  expect(await read(0)).toMatchObject({ isHashed: true });
  expect(await read(0)).toMatchObject({ isHashed: true });
});

test('a file with other bytes in as many places is hashed again, whatever time it was given', async () => {
  await read(5000);
  const { atime, mtime } = await stat(file);
  await writeFile(file, 'later');
  await utimes(file, atime, mtime);
  expect(await read(5000)).toEqual({ text: 'later', sha256: sha256('later'), isHashed: true });
});

test('a file that another was put in the place of is hashed again', async () => {
  await read(5000);
  await writeFile(`${file}.new`, 'other');
  await rename(`${file}.new`, file);
  expect(await read(5000)).toEqual({ text: 'other', sha256: sha256('other'), isHashed: true });
});

test('a file that is not there is an error that names it', async () => {
  await rm(file);
  await expect(read(0)).rejects.toThrow(`No model file at ${file}.`);
});
