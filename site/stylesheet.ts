import { createHash } from 'node:crypto';
import css from './styles/site.css?inline';

/**
 * The one stylesheet, written into each page: a second request would delay the first paint by a round trip. `source` is
 * the hash by which the policy of the page allows it, and no other.
 */
export const stylesheet = {
  css,
  source: `'sha256-${createHash('sha256').update(css).digest('base64')}'`,
} as const;
