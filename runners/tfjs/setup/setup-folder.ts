import { version_core } from '@tensorflow/tfjs-core';
import path from 'node:path';
import { cacheFolder } from '../../../core/cache-folder.ts';

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
