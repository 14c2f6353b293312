import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { bundle } from '../bundle.ts';

/** Bundles what starts processes, below the folder that has the packages they import. */
export async function setup(): Promise<() => Promise<void>> {
  const cache = path.join(import.meta.dirname, '../node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'test-bundle-'));
  await bundle(folder, ['tests/cli/tiny-main.ts', 'tests/fuzz/fuzz-process.ts']);
  process.env.ASSAY_TEST_BUNDLE = folder;
  return () => rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
