import { open, readlink, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AssayError } from './errors.ts';
import { moveIntoPlace } from './move-into-place.ts';

/** The disk, the user's share of it, or the largest file it may hold is used up. */
const fullCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];
/** Of a file that is being filled; one that is left was cut short. */
export const unfinishedEnding = '.new';
let written = 0;

interface Writing {
  prove?: (beside: string) => Promise<void>;
  platform?: NodeJS.Platform;
}

/**
 * Makes a file appear whole or not at all: `write` fills one beside it, which is synced and renamed, and the folder is synced,
 * too. `prove` looks at that one while the disk takes it, on Windows once it is closed: where it throws, the file does not appear. Throws `disk-full` or
 * `results-unwritable` with the file; whatever was there before is then as it was.
 */
export async function writeWhole(
  file: string,
  write: (to: FileHandle) => Promise<void>,
  { prove, platform = process.platform }: Writing = {},
): Promise<void> {
  // Threads share the process id, and a name that is taken is another's.
  const beside = `${file}.${process.pid}-${written++}-${Math.random().toString(36).slice(2, 8)}${unfinishedEnding}`;
  try {
    // ONNX Runtime opens no file there that another may write to.
    const isProvenLate = platform === 'win32';
    await fill(beside, write, isProvenLate ? undefined : prove);
    if (isProvenLate) await prove?.(beside);
    await moveIntoPlace(beside, file);
    await syncFolder(path.dirname(file));
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw await unwritable(file, cause);
  }
}

async function fill(
  file: string,
  write: (to: FileHandle) => Promise<void>,
  prove?: (file: string) => Promise<void>,
): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await write(handle);
    await Promise.all([handle.sync(), prove?.(file)]);
  } finally {
    await handle.close();
  }
}

/** Writes all bytes at a place of a file: the system may take fewer than it is given, and a full disk does. */
export async function writeAllAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Makes the names in a folder last, too; Windows opens no folders and needs none of it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The way round a folder that cannot be written to, where it was named on the command line. */
export const elsewhere = 'choose another folder';

/**
 * What to tell of a file that could not be written, with the room that is left for it where that is why; what is no refusal of the
 * system stays what it is.
 */
export async function unwritable(file: string, cause: unknown): Promise<Error> {
  if (cause instanceof AssayError || (cause instanceof Error && !('code' in cause))) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOTDIR') {
    const message = `Cannot write to ${file}: a part of its path is a file, where a folder is accepted.`;
    const hint = `move that file away, or ${elsewhere}`;
    return new AssayError('results-unwritable', message, { hint, cause });
  }
  if (code === 'ENOENT') {
    const { what, hint } = await missingOn(file);
    return new AssayError('results-unwritable', `Cannot write to ${file}: ${what}.`, { hint, cause });
  }
  if (!fullCodes.includes(code)) {
    const message = `Cannot write to ${file} (${code ?? String(cause)}).`;
    const hint = `give permission there, or ${elsewhere}`;
    return new AssayError('results-unwritable', message, { hint, cause });
  }
  const message = `Cannot write ${file}: there is no room for it (${code}${await roomAt(file)}).`;
  const hint = 'free space there and give the same command again: what was finished is kept';
  return new AssayError('disk-full', message, { hint, cause });
}

/** What a path lacks: the end of a link that it leads through, or its folder. */
async function missingOn(file: string): Promise<{ what: string; hint: string }> {
  const folder = path.dirname(file);
  for (let above = folder; above !== path.dirname(above); above = path.dirname(above)) {
    const end = await readlink(above).catch(() => null);
    if (end === null || (await stat(above).catch(() => null)) !== null) continue;
    const hint = `make the folder that the link leads to, or ${elsewhere}`;
    return { what: `${above} is a link to ${end}, which is not there`, hint };
  }
  const hint = 'let nothing remove it meanwhile, and give the same command again';
  return { what: `the folder ${folder} is not there any more`, hint };
}

async function roomAt(file: string): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(path.dirname(file));
    return `, ${bavail * bsize} bytes are free`;
  } catch {
    return '';
  }
}
