import { stat } from 'node:fs/promises';
import { messageOf } from '../core/errors.ts';
import { contentHash } from './content-hash.ts';

/** A file, and what tells without reading it that it was written to or replaced since. */
export interface MarkedFile {
  path: string;
  mark: string;
}

/** The files of a model, and the hash that they had together when they were marked, as of `contentHash`. */
export interface HeldFiles {
  files: readonly MarkedFile[];
  sha256: string;
}

/** Throws as `stat` does. */
export function markFiles(paths: readonly string[]): Promise<MarkedFile[]> {
  return Promise.all(paths.map(async (path) => ({ path, mark: await markOf(path) })));
}

/** Without the time of the last change of any kind: a link sets that, too, and weights in files of their own are linked to be loaded. */
async function markOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs].join(' ');
}

/** Why files are not those of their hash any more; null where they are. They are read only where a mark is another. */
export async function whyChanged({ files, sha256 }: HeldFiles): Promise<string | null> {
  const paths = files.map(({ path }) => path);
  try {
    const found = await markFiles(paths);
    if (found.every(({ mark }, index) => mark === files[index]?.mark)) return null;
    const hash = await contentHash(paths);
    if (hash === sha256) return null;
    return `${paths.join(', ')} changed while the run went on: SHA-256 ${hash}, where ${sha256} was planned`;
  } catch (thrown) {
    return `${paths.join(', ')} cannot be read any more: ${messageOf(thrown)}`;
  }
}
