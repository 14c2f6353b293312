import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder and those above it that are missing, one by one: Node's own recursive mkdir goes on for ever where a parent
 * exists and refuses children with "no such file" (/proc does).
 */
export async function makeFolder(folder: string): Promise<void> {
  if (await tryToMake(folder)) return;
  await makeFolder(path.dirname(folder));
  // Another may have made it meanwhile; where it still cannot be made, the error says why.
  if (!(await tryToMake(folder))) await mkdir(folder);
}

/** False where the folder above is missing and could be made. */
async function tryToMake(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') return true;
    if (code === 'ENOENT' && path.dirname(folder) !== folder) return false;
    throw cause;
  }
}
