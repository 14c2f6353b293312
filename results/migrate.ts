import * as z from 'zod';
import { AssayError } from '../core/errors.ts';
import { parseWith, type Source } from '../core/parse.ts';
import { fromV1 } from './migrations/from-v1.ts';
import { fromV2 } from './migrations/from-v2.ts';
import { fromV3 } from './migrations/from-v3.ts';
import { schemaVersion } from './schema.ts';

const versioned = z.looseObject({ schemaVersion: z.int().positive() });

/** From each older version to the next. */
const steps: Readonly<Record<number, (value: Record<string, unknown>) => Record<string, unknown>>> = {
  1: fromV1,
  2: fromV2,
  3: fromV3,
};

/**
 * A stored value in the shape of today's schema, not yet validated. Throws an AssayError for a value without a version,
 * and `record-newer` for one of a version that this Assay does not know yet.
 */
export function migrate(value: unknown, source: Source): unknown {
  const stored = parseWith(versioned, value, source);
  if (stored.schemaVersion > schemaVersion) throw tooNew(stored.schemaVersion, source);
  let migrated: Record<string, unknown> = stored;
  for (let version = stored.schemaVersion; version < schemaVersion; version++)
    migrated = steps[version]?.(migrated) ?? migrated;
  return migrated;
}

function tooNew(found: number, { where }: Source): AssayError {
  const message = `${where} has schema version ${found}; this Assay reads versions up to ${schemaVersion}.`;
  return new AssayError('record-newer', message, { hint: 'npm install @assay/assay@latest' });
}
