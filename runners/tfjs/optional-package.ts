import { version_core } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import path from 'node:path';
import { UnavailableDevice } from './backend.ts';

/**
 * What loads packages that do not come with Assay, from beside it or from the project it is called in. Throws `UnavailableDevice`
 * with each that is missing, the command that installs them all, and what is to be done then.
 */
export function requireOptional<Name extends string>(
  names: readonly Name[],
  afterwards = 'then assay doctor',
): Record<Name, NodeJS.Require> {
  const found = names.map((name) => [name, requireFor(name, ownPlaces())] as const);
  const missing = found.flatMap(([name, require]) => (require === null ? [name] : []));
  if (missing.length > 0) throw notInstalled(missing, afterwards);
  return Object.fromEntries(found) as Record<Name, NodeJS.Require>;
}

/** With the version that goes with this TF.js, where it is one of its packages. */
function notInstalled(names: readonly string[], afterwards: string): UnavailableDevice {
  const reason = `not installed, as optional: ${names.join(' and ')}`;
  const wanted = names.map((name) => (name.startsWith('@tensorflow/') ? `${name}@${version_core}` : name));
  return new UnavailableDevice(reason, `npm install ${wanted.join(' ')}, ${afterwards}`);
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
