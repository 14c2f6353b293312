import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The version of an installed package, from the package itself, whichever folder it was hoisted to; as seen from Assay, or from elsewhere. */
export function packageVersion(name: string, require = createRequire(import.meta.url)): string {
  const entry = require.resolve(name);
  const marker = path.join('node_modules', ...name.split('/'));
  const folder = entry.slice(0, entry.lastIndexOf(marker) + marker.length);
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
