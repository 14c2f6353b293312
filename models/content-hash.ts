import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AssayError } from '../core/errors.ts';
import { hashOf } from '../core/hash.ts';

const chunkBytes = 2 ** 20;

/** The identity of what files hold, read a piece at a time: the SHA-256 of a lone file, the hash of the list of several. */
export async function contentHash(files: readonly string[]): Promise<string> {
  const hashes: string[] = [];
  for (const file of files) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file, { highWaterMark: chunkBytes }))
      hash.update(chunk as Buffer);
    hashes.push(hash.digest('hex'));
  }
  return hashes.length === 1 ? (hashes[0] ?? '') : hashOf(hashes);
}

/** Bytes of files, each after gzip at its default level, and before. */
export async function contentSizes(
  files: readonly string[],
): Promise<{ sizeBytes: number; gzipBytes: number }> {
  const sizes = { sizeBytes: 0, gzipBytes: 0 };
  for (const file of files) {
    const source = createReadStream(file, { highWaterMark: chunkBytes });
    source.on('data', (chunk) => {
      sizes.sizeBytes += chunk.length;
    });
    await pipeline(source, createGzip(), async (compressed: AsyncIterable<Buffer>) => {
      for await (const chunk of compressed) sizes.gzipBytes += chunk.length;
    });
  }
  return sizes;
}

/** Throws `model-invalid` where the hash found of a model is not the one it is known by. */
export function requireHash(found: string, model: { path: string; sha256: string }): void {
  if (found === model.sha256) return;
  throw new AssayError('model-invalid', `${model.path} has SHA-256 ${found}; expected ${model.sha256}.`, {
    hint: 'The file changed since its hash was taken: fetch or export it again, or correct the hash.',
  });
}
