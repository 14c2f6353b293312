import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** Lower-case hex SHA-256 of bytes or of the UTF-8 of a text. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** SHA-256 of the canonical JSON of a value: the identity of a job, a variant, a suite. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
