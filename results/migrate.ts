import { z } from 'zod';
import { AssayError } from '../core/errors.ts';
import { parseWith, type Source } from '../core/parse.ts';
import { schemaVersion } from './schema.ts';

const versioned = z.looseObject({ schemaVersion: z.int().positive() });

/**
 * A stored value in the shape of today's schema, not yet validated. Throws an AssayError for a value without a version
 * and for one of a version that this Assay does not know yet.
 */
export function migrate(value: unknown, source: Source): unknown {
  const { schemaVersion: found } = parseWith(versioned, value, source);
  if (found <= schemaVersion) return value;
  const message = `${source.where} has schema version ${found}; this Assay reads versions up to ${schemaVersion}.`;
  throw new AssayError(source.code, message, { hint: 'npm install @assay/assay@latest' });
}
