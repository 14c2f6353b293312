import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readShared } from '../../datasets/read-shared.ts';
import { Lines } from '../../datasets/readers/lines.ts';

async function fileOf(content: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-read-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'rows.csv');
  await writeFile(file, content);
  return file;
}

/** Lines of all lengths up to more than there is room for in front of a piece, over several pieces. */
const content = Array.from(
  { length: 60 },
  (_, line) => `${line}:${String(line % 10).repeat(line * 2500)}`,
).join('\n');

test('a file comes whole, in memory that threads share', async () => {
  const pieces = await Array.fromAsync(readShared(await fileOf(content)));
  expect(pieces.length).toBeGreaterThan(3);
  for (const { buffer } of pieces) expect(buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(Buffer.concat(pieces).toString()).toBe(content);
});

test('an empty file has no pieces', async () => {
  expect(await Array.fromAsync(readShared(await fileOf('')))).toEqual([]);
});

test('lines that lie in two pieces come whole, those that were read before stay as they were', async () => {
  const lines = new Lines(readShared(await fileOf(content)), 'rows.csv');
  const pieces: Buffer[] = [];
  while (lines.piece !== null) {
    if (lines.piece.length > 0) pieces.push(lines.piece);
    await lines.next();
  }
  for (const piece of pieces.slice(0, -1)) expect(piece.at(-1)).toBe('\n'.charCodeAt(0));
  expect(pieces.map((piece) => piece.toString()).join('')).toBe(content);
});

test('whoever stops reading leaves no file open behind', async () => {
  const file = await fileOf(content);
  for await (const piece of readShared(file)) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  await rm(file);
  await expect(Array.fromAsync(readShared(file))).rejects.toThrow('ENOENT');
});
