import { mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../core/make-folder.ts';
import { AssayError, messageOf } from '../core/errors.ts';
import { moveIntoPlace } from '../core/move-into-place.ts';

/** Tells a report from any other folder. */
export const reportMarker = '.assay-report';

/** Whatever is replaced must have been a report; a folder of other things is not ours to take away. */
export async function refuseForeignFolder(folder: string): Promise<void> {
  const names = await namesIn(folder);
  if (names.length === 0 || names.includes(reportMarker)) return;
  const found = `${folder} holds other files (${names.slice(0, 3).join(', ')})`;
  const message = `${found}; an earlier report, an empty or a new folder is accepted.`;
  throw new AssayError('usage-invalid', message, { hint: 'choose another folder with --out' });
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw unwritable(folder, cause);
  }
}

/** A new folder beside the report's, so that the finished report can be moved into place in one step. */
export async function makeWorkDir(reportDir: string): Promise<string> {
  try {
    await makeFolder(path.dirname(reportDir));
    return await mkdtemp(path.join(path.dirname(reportDir), `.${path.basename(reportDir)}-`));
  } catch (cause) {
    throw unwritable(reportDir, cause);
  }
}

/** Moves a folder to where another one may be. That one steps aside first, and comes back where the move fails. */
export async function replaceFolder(from: string, to: string): Promise<void> {
  const aside = `${path.dirname(from)}-old`;
  try {
    const hadOld = await moveIfThere(to, aside);
    try {
      await moveIntoPlace(from, to);
    } catch (cause) {
      if (hadOld) await moveIntoPlace(aside, to);
      throw cause;
    }
    await rm(aside, { recursive: true, force: true });
  } catch (cause) {
    throw unwritable(to, cause);
  }
}

async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    await moveIntoPlace(from, to);
    return true;
  } catch (cause) {
    if (isMissing(cause)) return false;
    throw cause;
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function unwritable(folder: string, cause: unknown): AssayError {
  const message = `Cannot write the report to ${folder}: ${messageOf(cause)}.`;
  return new AssayError('results-unwritable', message, { hint: 'choose another folder with --out', cause });
}
