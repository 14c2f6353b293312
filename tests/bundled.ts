import path from 'node:path';
import { pathToFileURL } from 'node:url';

export const packageRoot = path.dirname(import.meta.dirname);

/** A module that starts a process or a thread, as users have it: from the bundle that `bundle-once.ts` makes. */
export function bundled(name: string): string {
  const { ASSAY_TEST_BUNDLE: folder } = process.env;
  if (folder === undefined) throw new Error('internal: no bundle; the set-up of the tests makes it');
  return path.join(folder, `${path.basename(name)}.js`);
}

/** In place of `core/package-root.ts` (`vitest.config.ts`): processes that tests start load one file rather than hundreds. */
export function siblingModule(_callerUrl: string, name: string): URL {
  return pathToFileURL(bundled(name));
}
