import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { unfinishedEnding } from '../core/write-whole.ts';

/** Nothing takes as long to write: who began it was killed. */
const abandonedMs = 24 * 60 * 60 * 1000;

/** Removes what was being written to a folder a day ago and was never finished, which may be gigabytes. */
export async function removeAbandoned(folder: string): Promise<void> {
  const nowMs = Date.now();
  const unfinished = (await readdir(folder)).filter((name) => name.endsWith(unfinishedEnding));
  for (const name of unfinished) {
    const file = path.join(folder, name);
    // Another build may have removed it.
    const changedMs = (await stat(file).catch(() => null))?.mtimeMs ?? nowMs;
    if (nowMs - changedMs > abandonedMs) await rm(file, { recursive: true, force: true });
  }
}
