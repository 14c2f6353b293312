import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSite } from '../../site/build.ts';
import { serveFolder } from './static-server.ts';

/** A site built from records in a temporary folder, and served. */
export interface BuiltSite extends AsyncDisposable {
  folder: string;
  base: string;
  /** Address of the index. */
  origin: string;
  pages: number;
  /** Every file, relative to the folder. */
  files: readonly string[];
  read(file: string): Promise<string>;
}

export async function buildAndServe(
  base: string,
  writeRecords: (resultsDir: string) => Promise<unknown>,
): Promise<BuiltSite> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'assay-site-'));
  const [resultsDir, folder] = [path.join(temporary, 'results'), path.join(temporary, 'report')];
  await writeRecords(resultsDir);
  const { pages } = await buildSite({ resultsDirs: [resultsDir], outDir: folder, base });
  const server = await serveFolder(folder, base);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  return {
    folder,
    base,
    origin: server.origin,
    pages,
    files,
    read: (file) => readFile(path.join(folder, file), 'utf8'),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(temporary, { recursive: true, force: true });
    },
  };
}

/** The address of each HTML file. */
export function pageAddresses({ files, origin }: BuiltSite): string[] {
  return files
    .filter((file) => file.endsWith('.html'))
    .map((file) => `${origin}${file.replace(/index\.html$/, '')}`);
}
