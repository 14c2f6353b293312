import { link as linkNow, rm, writeFile } from 'node:fs/promises';
import { unwritable } from '../core/write-whole.ts';

interface CreateEffects {
  link?: (from: string, to: string) => Promise<void>;
}

/**
 * Makes a file where there is none, and tells whether it did. It is written beside and linked into place: whoever finds it finds it whole.
 * On file systems without links, as of memory cards and some shares, it is made and then filled. Throws as `writeWhole` does.
 */
export async function createOnce(
  file: string,
  text: string,
  { link = linkNow }: CreateEffects = {},
): Promise<boolean> {
  // Containers with a folder in common may have the same process ids.
  const written = `${file}.${process.pid}-${Math.random().toString(36).slice(2, 8)}.new`;
  try {
    await writeFile(written, text);
    // Where the folder takes one file and no link to it, it has none.
    await link(written, file).catch(async (cause: unknown) => {
      if (isThere(cause)) throw cause;
      await writeFile(file, text, { flag: 'wx' });
    });
    return true;
  } catch (cause) {
    if (isThere(cause)) return false;
    throw await unwritable(file, cause);
  } finally {
    // Where nothing could be written, that is the error to tell.
    await rm(written, { force: true }).catch(() => undefined);
  }
}

function isThere(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException).code === 'EEXIST';
}
