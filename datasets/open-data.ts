import { findPackageJSON } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AssayError } from '../core/errors.ts';
import { locatePinned, verifyStream, type FilePin } from '../core/pinned-file.ts';
import type { FoundManifest } from './catalog.ts';
import { generateData } from './generate.ts';
import { largestFile } from './limits.ts';
import { readShared } from './read-shared.ts';
import type { Data } from './readers/data.ts';

/** The data a manifest describes, found and of a size that is read; each reading of them verifies their checksum. */
export async function openData(found: FoundManifest): Promise<Data> {
  const { origin } = found.manifest;
  switch (origin.kind) {
    case 'file':
      return openFile(origin.path, path.dirname(found.file), found);
    case 'package':
      return openFile(origin.path, packageFolder(origin.package, found.file), found);
    case 'generated': {
      const where = `${origin.generator} (seed ${origin.seed})`;
      const bytes = (): AsyncIterable<Uint8Array> =>
        verifyStream(generateData(origin), pinTo(where, found), sourceOf(found));
      return { where, path: null, bytes };
    }
  }
}

async function openFile(place: string, folder: string, found: FoundManifest): Promise<Data> {
  const source = { ...sourceOf(found), folder, maxBytes: largestFile(found.manifest.format) };
  const where = await locatePinned(pinTo(place, found), source);
  const bytes = (): AsyncIterable<Uint8Array> => verifyStream(readShared(where), pinTo(where, found), source);
  return { where, path: where, bytes };
}

function pinTo(place: string, { manifest: { sha256, sizeBytes } }: FoundManifest): FilePin {
  return { path: place, sha256, sizeBytes };
}

function sourceOf({ file }: FoundManifest): { manifest: string; code: 'dataset-invalid' } {
  return { manifest: file, code: 'dataset-invalid' };
}

function packageFolder(name: string, manifestFile: string): string {
  const found = locate(name, manifestFile);
  if (found !== undefined) return path.dirname(found);
  throw new AssayError(
    'dataset-invalid',
    `${manifestFile} reads from the npm package "${name}", which is not installed.`,
    {
      hint: `npm install ${name}`,
    },
  );
}

function locate(name: string, manifestFile: string): string | undefined {
  try {
    return findPackageJSON(name, pathToFileURL(manifestFile));
  } catch {
    return undefined;
  }
}
