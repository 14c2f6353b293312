import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The version of an installed package, from the package itself, whichever folder it was hoisted to. */
export function packageVersion(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  const marker = path.join('node_modules', ...name.split('/'));
  const folder = entry.slice(0, entry.lastIndexOf(marker) + marker.length);
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Null where the package is not installed. */
export function versionIfThere(name: string): string | null {
  try {
    return packageVersion(name);
  } catch {
    return null;
  }
}
