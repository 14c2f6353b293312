import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../core/make-folder.ts';
import { AssayError } from '../core/errors.ts';
import { damagedIn, type DamagedFile, type StoredRun } from '../results/read-runs.ts';
import { readFolders } from './read-folders.ts';
import { makeWorkDir, refuseForeignFolder, replaceFolder, reportMarker } from './report-folder.ts';
import { runAstro } from './run-astro.ts';
import { joinBase, paths } from './views/paths.ts';

export interface Built {
  pages: number;
  damaged: readonly DamagedFile[];
}

export interface BuildOptions {
  /** Folders that hold `runs/`: first those of this machine, then any measured elsewhere. */
  resultsDirs: readonly string[];
  /** Becomes the site. An earlier report in it is replaced, and kept where the build fails. */
  outDir: string;
  /** The path the site is served at, e.g. `/reports/`; `/` where it has a host of its own. */
  base?: string;
  /** The address it is published at, e.g. `https://example.org`, for canonical links. */
  siteUrl?: string;
}

/**
 * Builds the static report of all runs in results folders; damaged files are left out, and told. Throws an AssayError where
 * nothing was measured yet or can be read, where an option is invalid, and where the folder cannot be written or holds something
 * else.
 */
export async function buildSite(options: BuildOptions): Promise<Built> {
  const site = { base: parseBase(options.base ?? '/'), siteUrl: parseSiteUrl(options.siteUrl) };
  const outDir = path.resolve(options.outDir);
  const resultsDirs = options.resultsDirs.map((folder) => path.resolve(folder));
  const stored = await readFolders(resultsDirs);
  const { runs } = stored;
  await refuseForeignFolder(outDir);
  const workDir = await makeWorkDir(outDir);
  try {
    await runAstro({ ...site, resultsDirs, workDir });
    const built = path.join(workDir, 'out');
    await copyData(runs, built);
    await writeFile(path.join(built, reportMarker), '');
    const pages = await countPages(built);
    await replaceFolder(built, outDir);
    return { pages, damaged: damagedIn(stored) };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

/** With a slash at both ends, as Astro and every link want it. */
function parseBase(base: string): string {
  const inner = base.replaceAll(/^\/+|\/+$/g, '');
  if (/^(?:[\w.~-]+(?:\/[\w.~-]+)*)?$/.test(inner)) return joinBase(inner === '' ? '' : `/${inner}`, '');
  throw new AssayError('usage-invalid', `Invalid base "${base}"; a path such as /reports/ is accepted.`);
}

function parseSiteUrl(siteUrl: string | undefined): string | null {
  if (siteUrl === undefined) return null;
  if (/^https?:$/.test(URL.parse(siteUrl)?.protocol ?? '')) return siteUrl;
  const message = `Invalid site address "${siteUrl}"; one such as https://example.org is accepted.`;
  throw new AssayError('usage-invalid', message);
}

/** Every record as it was stored, for download. */
async function copyData(runs: readonly StoredRun[], siteDir: string): Promise<void> {
  for (const { run, file, records } of runs) {
    const runFile = path.join(siteDir, paths.runData(run.id));
    await makeFolder(path.dirname(runFile));
    await copyFile(file, runFile);
    for (const stored of records) {
      await copyFile(stored.file, path.join(siteDir, paths.recordData(run.id, stored.record)));
    }
  }
}

async function countPages(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => file.endsWith('.html')).length;
}
