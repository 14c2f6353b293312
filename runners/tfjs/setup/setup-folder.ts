import { version_core } from '@tensorflow/tfjs-core';
import os from 'node:os';
import path from 'node:path';

/** Packages of TF.js on TensorFlow, in the scope `@tensorflow`. */
export type TensorflowPackage = 'tfjs-node' | 'tfjs-node-gpu';

/** Where `assay setup` puts a package, outside of what a package manager clears: it works with every version of Node. */
export function setupFolder(name: TensorflowPackage, cache = cacheFolder()): string {
  return path.join(cache, `${name}-${version_core}-${process.platform}-${process.arch}`);
}

/** The package itself. */
export function packageFolder(name: TensorflowPackage, folder: string): string {
  return path.join(folder, 'node_modules', '@tensorflow', name);
}

/** Where Assay keeps what belongs to the user and not to a project, as the platform has it. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const base = { darwin: path.join(os.homedir(), 'Library', 'Caches'), win32: LOCALAPPDATA };
  const named = XDG_CACHE_HOME ?? base[process.platform as keyof typeof base];
  return path.join(named ?? path.join(os.homedir(), '.cache'), 'assay');
}
