import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of Assay's own package.json, whether this file runs from source or from `dist/`. */
export const packageRoot = findPackageRoot(import.meta.dirname);

function findPackageRoot(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`internal: no package.json above ${import.meta.dirname}`);
  return findPackageRoot(parent);
}

/** URL of a module beside the calling one, with the extension that is running (`.ts` from source, `.js` from `dist/`). */
export function siblingModule(callerUrl: string, name: string): URL {
  return new URL(`${name}${path.extname(callerUrl)}`, callerUrl);
}
