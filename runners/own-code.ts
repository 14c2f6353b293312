import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { hashOf, sha256 } from '../core/hash.ts';
import { packageRoot } from '../core/package-root.ts';

/** All that a measurement runs through. */
const measuringFolders = ['core', 'datasets', 'tasks', 'models', 'results', 'suites', 'runners'];

let known: string | null = null;

/**
 * What measures: the version of an installed Assay; in its own repository, where code changes between two versions, the
 * hash of the code.
 */
export function ownCode(): string {
  known ??= isOwnRepository() ? hashOf(measuringFolders.map(hashOfFolder)) : assayVersion();
  return known;
}

export function assayVersion(): string {
  const manifest = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/** Installed below another project, git would tell that project's revision. */
export function isOwnRepository(): boolean {
  return existsSync(path.join(packageRoot, '.git'));
}

function hashOfFolder(folder: string): [file: string, hash: string][] {
  const files = readdirSync(path.join(packageRoot, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.[jt]s$/.test(file))
    .sort()
    .map((file) => [file, sha256(readFileSync(path.join(packageRoot, folder, file)))]);
}
