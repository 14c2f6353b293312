import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AssayError, messageOf } from '../core/errors.ts';
import { makeFolder } from '../core/make-folder.ts';

/** Makes the folder of `--out`, before there is anything to be lost for want of it. Throws `usage-invalid` where it cannot be one. */
export async function makeOutFolder(out: string): Promise<void> {
  const folder = path.resolve(out);
  try {
    await makeFolder(folder);
  } catch (cause) {
    throw refused(`--out ${out} cannot be made: ${messageOf(cause)}.`, cause);
  }
  const isFolder = (await stat(folder)).isDirectory();
  if (!isFolder) throw refused(`--out ${out} is a file; a folder is accepted.`);
}

function refused(message: string, cause?: unknown): AssayError {
  return new AssayError('usage-invalid', message, {
    hint: 'give --out a folder that is there or can be made',
    cause,
  });
}
