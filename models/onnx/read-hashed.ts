import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { sha256 } from '../../core/hash.ts';
import { readModelBytes } from './read.ts';

/** The bytes of a model's file, and their SHA-256. */
export interface Hashed {
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
}

/** SHA-256 of a file as it was when the file system said this of it, by path. */
const known = new Map<string, { stamp: string; sha256: string }>();

/** Longer than a file system takes two changes for one. */
const settledMs = 3000;

interface Effects {
  hash: (bytes: Uint8Array) => string;
  /** Milliseconds since 1970. */
  now: () => number;
}

const real: Effects = { hash: sha256, now: Date.now };

/**
 * The bytes of a model file and their hash, which takes as long as making a variant does: it is taken anew only where the file system
 * says that the file changed, or did so a moment ago. Throws as `readModelBytes` does.
 */
export async function readHashed(file: string, { hash, now }: Effects = real): Promise<Hashed> {
  const before = await look(file, now());
  const bytes = await readModelBytes(file);
  const after = await look(file, now());
  const found = known.get(file);
  // What was read lies between the two.
  const isWhole = before !== null && before.stamp === after?.stamp;
  if (isWhole && found?.stamp === before.stamp) return { bytes, sha256: found.sha256 };
  const made = hash(bytes);
  if (isWhole && before.isSettled) known.set(file, { stamp: before.stamp, sha256: made });
  return { bytes, sha256: made };
}

interface Look {
  stamp: string;
  /** Whether the next change will show. */
  isSettled: boolean;
}

async function look(file: string, nowMs: number): Promise<Look | null> {
  const found = await stat(file, { bigint: true }).catch(() => null);
  if (found === null) return null;
  const changedMs = Number((found.ctimeNs > found.mtimeNs ? found.ctimeNs : found.mtimeNs) / 1_000_000n);
  return { stamp: stampOf(found), isSettled: nowMs - changedMs > settledMs };
}

/** Nobody can set the time of the last change (ctime), which every write sets. */
function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
