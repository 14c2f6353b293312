import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { AssayError, type ErrorCode } from './errors.ts';
import { sha256 } from './hash.ts';
import { isInside } from './is-inside.ts';

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
  const file = await locatePinned(pin, source);
  const bytes = await readFile(file);
  requireContent({ sha256: sha256(bytes), sizeBytes: bytes.length }, { ...pin, path: file }, source);
  return { path: file, bytes };
}

/** The path of a pinned file; throws where it is absent, outside its folder or too big. Its content is not looked at. */
export async function locatePinned(pin: Pick<FilePin, 'path'>, source: PinSource): Promise<string> {
  const file = await containedPath(pin.path, source);
  const { size } = await stat(file);
  requireSize(size, { where: file, ...source });
  return file;
}

/** Passes bytes on as they come, and throws after the last where they were not those of the pin. */
export async function* verifyStream(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  pin: FilePin,
  source: Pick<PinSource, 'manifest' | 'code'>,
): AsyncGenerator<Uint8Array, void> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of bytes) {
    hash.update(chunk);
    sizeBytes += chunk.length;
    yield chunk;
  }
  requireContent({ sha256: hash.digest('hex'), sizeBytes }, pin, source);
}

/** Throws where content is not that of the pin; the message names the file and both checksums. */
function requireContent(
  found: Omit<FilePin, 'path'>,
  pin: FilePin,
  source: Pick<PinSource, 'manifest' | 'code'>,
): void {
  if (found.sha256 === pin.sha256 && found.sizeBytes === pin.sizeBytes) return;
  throw new AssayError(
    source.code,
    `${pin.path} is not the file its manifest ${source.manifest} describes:\n` +
      `  expected SHA-256 ${pin.sha256}, ${pin.sizeBytes} bytes\n` +
      `  found    SHA-256 ${found.sha256}, ${found.sizeBytes} bytes`,
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
