import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { bundle } from '../bundle.ts';

/** Bundles what starts processes, in a folder of ours: below `node_modules` Node would first look at each file to tell what kind of module it is. */
export async function setup(): Promise<() => Promise<void>> {
  const bundles = path.join(import.meta.dirname, '../.bundles');
  await mkdir(bundles, { recursive: true });
  const folder = await mkdtemp(path.join(bundles, 'tests-'));
  await bundle(folder, ['tests/cli/tiny-main.ts', 'tests/fuzz/fuzz-process.ts']);
  process.env.ASSAY_TEST_BUNDLE = folder;
  return () => rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
