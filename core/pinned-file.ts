import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { AssayError, type ErrorCode } from './errors.ts';
import { sha256 } from './hash.ts';

/** A file as a manifest names it: relative to the manifest's folder, with the content it must have. */
export interface FilePin {
  path: string;
  sha256: string;
  sizeBytes: number;
}

/** Who names the file, and what is tolerated of it. */
export interface PinSource {
  /** The folder the file must lie in. */
  folder: string;
  /** The file that names it, for the error message. */
  manifest: string;
  code: ErrorCode;
  maxBytes: number;
}

/** Bytes whose checksum was verified, and where they came from. */
export interface PinnedFile {
  path: string;
  bytes: Uint8Array;
}

/** Reads a pinned file; throws an AssayError where it is absent, outside its folder, too big, or not what the pin says. */
export async function readPinned(pin: FilePin, source: PinSource): Promise<PinnedFile> {
  const file = await containedPath(pin.path, source);
  const { size } = await stat(file);
  requireSize(size, { where: file, ...source });
  const bytes = await readFile(file);
  verifyChecksum(bytes, { ...pin, path: file }, source);
  return { path: file, bytes };
}

/** Throws where bytes are not those of the pin; the message names the file and both checksums. */
export function verifyChecksum(bytes: Uint8Array, pin: FilePin, source: Omit<PinSource, 'folder'>): void {
  const found = sha256(bytes);
  if (found === pin.sha256 && bytes.length === pin.sizeBytes) return;
  throw new AssayError(
    source.code,
    `${pin.path} is not the file its manifest ${source.manifest} describes:\n` +
      `  expected SHA-256 ${pin.sha256}, ${pin.sizeBytes} bytes\n` +
      `  found    SHA-256 ${found}, ${bytes.length} bytes`,
    { hint: 'Restore the file, or put the found values into the manifest if the change is meant.' },
  );
}

/** Throws where a file is bigger than what is read of its kind; the message has both sizes. */
export function requireSize(
  sizeBytes: number,
  limit: { where: string; code: ErrorCode; maxBytes: number },
): void {
  if (sizeBytes <= limit.maxBytes) return;
  throw new AssayError(
    limit.code,
    `${limit.where} is too big: ${sizeBytes} bytes, the most read here is ${limit.maxBytes}.`,
  );
}

async function containedPath(relative: string, source: PinSource): Promise<string> {
  const file = path.resolve(source.folder, relative);
  if (path.isAbsolute(relative) || !isInside(source.folder, file)) throw outside(relative, source);
  const [root, real] = await Promise.all([realpath(source.folder), realFile(file, source)]);
  // A link inside the folder can still lead out of it.
  if (!isInside(root, real)) throw outside(relative, source);
  return file;
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

function outside(relative: string, source: PinSource): AssayError {
  return new AssayError(
    source.code,
    `${source.manifest} names "${relative}", which lies outside the folder it may read, ${source.folder}.`,
    { hint: 'Move the file into that folder and give its path relative to it.' },
  );
}

async function realFile(file: string, source: PinSource): Promise<string> {
  try {
    const real = await realpath(file);
    if ((await stat(real)).isFile()) return real;
  } catch (cause) {
    throw new AssayError(source.code, `${source.manifest} names ${file}, which cannot be read.`, { cause });
  }
  throw new AssayError(source.code, `${source.manifest} names ${file}, which is not a file.`);
}
