import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** Lower-case hex SHA-256 of bytes or of the UTF-8 of a text. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The same of bytes that lie in several places, one after the other. */
export function sha256OfPieces(pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/** SHA-256 of the canonical JSON of a value: the identity of a job, a variant, a suite. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
