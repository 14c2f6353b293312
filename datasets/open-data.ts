import { findPackageJSON } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AssayError } from '../core/errors.ts';
import { readPinned, verifyChecksum, type FilePin, type PinnedFile } from '../core/pinned-file.ts';
import type { FoundManifest } from './catalog.ts';
import { generateData } from './generate.ts';

/** The bytes a manifest describes, verified against its checksum before anyone reads them. */
export async function openData({ manifest, file }: FoundManifest, maxBytes: number): Promise<PinnedFile> {
  const { origin, sha256, sizeBytes } = manifest;
  const source = { manifest: file, code: 'dataset-invalid', maxBytes } as const;
  const pinTo = (place: string): FilePin => ({ path: place, sha256, sizeBytes });
  switch (origin.kind) {
    case 'file':
      return readPinned(pinTo(origin.path), { ...source, folder: path.dirname(file) });
    case 'package':
      return readPinned(pinTo(origin.path), { ...source, folder: packageFolder(origin.package, file) });
    case 'generated': {
      const bytes = generateData(origin);
      const where = `${origin.generator} (seed ${origin.seed})`;
      verifyChecksum(bytes, pinTo(where), source);
      return { path: where, bytes };
    }
  }
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
