import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../core/hash.ts';
import { readPinned, type PinSource } from '../../core/pinned-file.ts';

async function folderWith(content: string): Promise<PinSource> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-pin-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'file'), content);
  await mkdir(path.join(folder, 'inner'));
  return { folder, manifest: 'a manifest', code: 'dataset-invalid', maxBytes: 10 };
}

const pinOf = (file: string, content: string): { path: string; sha256: string; sizeBytes: number } => ({
  path: file,
  sha256: sha256(content),
  sizeBytes: content.length,
});

test('A pinned file is read where its checksum and size agree', async () => {
  const source = await folderWith('abc');
  const { bytes } = await readPinned(pinOf('file', 'abc'), source);
  expect(Buffer.from(bytes).toString()).toBe('abc');
});

test('A file above the limit is refused with both sizes', async () => {
  const source = await folderWith('a'.repeat(11));
  await expect(readPinned(pinOf('file', 'a'.repeat(11)), source)).rejects.toThrow(
    /11 bytes, the most .* is 10/,
  );
});

test('A right checksum with a wrong size is refused', async () => {
  const source = await folderWith('abc');
  await expect(readPinned({ ...pinOf('file', 'abc'), sizeBytes: 4 }, source)).rejects.toThrow(
    /4 bytes\n.*3 bytes/,
  );
});

test.each(['absent', 'inner'])('The path "%s", which is no file, is refused', async (file) => {
  const source = await folderWith('abc');
  await expect(readPinned(pinOf(file, ''), source)).rejects.toThrow(/cannot be read|is not a file/);
});

test.each(['../file', '.', 'inner/../../file'])(
  'The path "%s" is refused for leaving the folder',
  async (file) => {
    const source = await folderWith('abc');
    await expect(readPinned(pinOf(file, 'abc'), source)).rejects.toThrow(/outside the folder/);
  },
);
