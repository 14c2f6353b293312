import { createRequire } from 'node:module';
import path from 'node:path';
import { UnavailableDevice } from './backend.ts';

/**
 * Loads a package that does not come with Assay, from beside it or from the project it is called in. Throws `UnavailableDevice` with
 * the command that installs it.
 */
export function requireOptional(name: string): unknown {
  const require = requireFor(name, ownPlaces());
  if (require === null)
    throw new UnavailableDevice(
      `the package ${name}, which is optional, is not installed`,
      `npm install ${name}`,
    );
  return require(name);
}

/** Where Assay itself lies, and the project it is called in. */
export function ownPlaces(): string[] {
  return [import.meta.filename, path.join(process.cwd(), 'package.json')];
}

/** A `require` of the first place from which a package is found; null where it is found from none. */
export function requireFor(name: string, places: readonly string[]): NodeJS.Require | null {
  return places.map((place) => createRequire(place)).find((require) => isFound(require, name)) ?? null;
}

function isFound(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
