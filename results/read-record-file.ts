import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { AssayError } from '../core/errors.ts';
import { parseJson, parseWith, type Source } from '../core/parse.ts';
import { migrate } from './migrate.ts';

/** A larger file is no record: the raw pairs of the longest timing take a few megabytes. */
const maxRecordBytes = 64 * 1024 * 1024;

const refusal = {
  code: 'record-invalid',
  hint: 'measure again, or move the folder of this run away',
} as const;

/**
 * The value of a file in today's schema. Throws an AssayError that names the file and the field of what is wrong:
 * `record-newer` for one of a newer Assay, else `record-invalid`.
 */
export async function readRecordFile<Schema extends z.ZodType>(
  file: string,
  { what, schema }: { what: string; schema: Schema },
): Promise<z.output<Schema>> {
  const source: Source = { what, where: file, ...refusal };
  const stored = parseJson(z.unknown(), await readBounded(source), source);
  return parseWith(schema, migrate(stored, source), source);
}

async function readBounded(source: Source): Promise<string> {
  const { where, code } = source;
  try {
    const { size } = await stat(where);
    if (size > maxRecordBytes) throw new AssayError(code, tooLarge(where, size));
    return await readFile(where, 'utf8');
  } catch (cause) {
    throw cause instanceof AssayError ? cause : unreadable(where, cause);
  }
}

/** What to tell of a file or a folder that the system does not give. */
export function unreadable(file: string, cause: unknown): AssayError {
  const { code = String(cause) } = cause as NodeJS.ErrnoException;
  if (code !== 'ENOENT')
    return new AssayError('record-invalid', `${file} cannot be read (${code}).`, {
      hint: 'give permission there, or move it away',
      cause,
    });
  const message = `${file} is missing; a run folder holds one beside its records.`;
  return new AssayError('record-invalid', message, {
    hint: `remove ${path.dirname(file)}, or measure again`,
  });
}

function tooLarge(file: string, size: number): string {
  return `${file} is ${size} bytes; a ${path.basename(file)} of at most ${maxRecordBytes} is accepted.`;
}
