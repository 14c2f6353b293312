import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AssayError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import { parseJson } from '../core/parse.ts';
import { requireSize } from '../core/pinned-file.ts';
import { suggest } from '../core/suggest.ts';
import { datasetManifestSchema, type DatasetManifest } from './manifest.ts';

const suffix = '.dataset.json';
const catalogFolder = path.join(packageRoot, 'datasets', 'catalog');
const maxManifestBytes = 16 * 2 ** 20;

/** A manifest and the file it was read from. */
export interface FoundManifest {
  manifest: DatasetManifest;
  file: string;
}

/** Every dataset that comes with Assay, by id. */
export async function listDatasets(): Promise<DatasetManifest[]> {
  const ids = await catalogIds();
  return Promise.all(ids.map(async (id) => (await readManifest(catalogFile(id))).manifest));
}

/** The manifest of a catalog id or of a path that ends in `.dataset.json`. */
export async function findManifest(idOrPath: string): Promise<FoundManifest> {
  if (idOrPath.endsWith(suffix)) return readManifest(path.resolve(idOrPath));
  const known = await catalogIds();
  if (known.includes(idOrPath)) return readManifest(catalogFile(idOrPath));
  throw new AssayError('not-found', `Unknown dataset "${idOrPath}". ${suggest(idOrPath, known)}`, {
    hint: `A dataset of your own is named by the path of its manifest, which ends in ${suffix}.`,
  });
}

async function catalogIds(): Promise<string[]> {
  const files = await readdir(catalogFolder);
  return files
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .sort();
}

function catalogFile(id: string): string {
  return path.join(catalogFolder, `${id}${suffix}`);
}

async function readManifest(file: string): Promise<FoundManifest> {
  const text = await readText(file);
  const source = { what: 'dataset manifest', where: file, code: 'dataset-invalid' } as const;
  return { manifest: parseJson(datasetManifestSchema, text, source), file };
}

async function readText(file: string): Promise<string> {
  requireSize(await sizeOf(file), { where: file, code: 'dataset-invalid', maxBytes: maxManifestBytes });
  return readFile(file, 'utf8');
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (cause) {
    throw new AssayError('not-found', `No dataset manifest at ${file}.`, { cause });
  }
}
