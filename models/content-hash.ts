import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AssayError } from '../core/errors.ts';
import { hashOf } from '../core/hash.ts';

const chunkBytes = 2 ** 20;

/** The identity of what files hold, read a piece at a time: the SHA-256 of a lone file, the hash of the list of several. */
export async function contentHash(files: readonly string[]): Promise<string> {
  const hashes: string[] = [];
  for (const file of files) {
    hashes.push(await fileHash(file));
  }
  return hashes.length === 1 ? (hashes[0] ?? '') : hashOf(hashes);
}

/** A stream would take memory anew for each piece. */
async function fileHash(file: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file);
  try {
    const piece = Buffer.allocUnsafeSlow(chunkBytes);
    for (let read = -1; read !== 0;) {
      ({ bytesRead: read } = await handle.read(piece));
      hash.update(piece.subarray(0, read));
    }
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}

/** Bytes of files together. */
export async function contentBytes(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** As `contentBytes`, after each file went through gzip at its default level. */
export async function compressedBytes(files: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const file of files) {
    const source = createReadStream(file, { highWaterMark: chunkBytes });
    await pipeline(source, createGzip(), async (compressed: AsyncIterable<Buffer>) => {
      for await (const chunk of compressed) bytes += chunk.length;
    });
  }
  return bytes;
}

/** Throws `model-invalid` where the hash found of a model is not the one it is known by. */
export function requireHash(found: string, model: { path: string; sha256: string }): void {
  if (found === model.sha256) return;
  throw new AssayError('model-invalid', `${model.path} has SHA-256 ${found}; expected ${model.sha256}.`, {
    hint: 'The file changed since its hash was taken: fetch or export it again, or correct the hash.',
  });
}
