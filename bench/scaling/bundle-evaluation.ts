import path from 'node:path';
import { bundle } from '../../bundle.ts';
import { packageRoot } from '../../core/package-root.ts';

/** `evaluate.ts` as a module of an installed Assay: what it starts is bundled, as it is there. */
export async function bundleEvaluation(): Promise<string> {
  const folder = path.join(packageRoot, '.bundles/bench');
  await bundle(folder, ['bench/scaling/evaluate.ts']);
  return path.join(folder, 'evaluate.js');
}
