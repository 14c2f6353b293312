import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** What starts a process or a thread, and what others import. */
export const entries: readonly string[] = [
  'cli/main.ts',
  'datasets/readers/parquet-thread.ts',
  'runners/explain/profile-process.ts',
  'runners/footprint/footprint-process.ts',
  'runners/guard-process.ts',
  'runners/pool/host.ts',
  'runners/pool/worker.ts',
  'runners/scenarios/device-worker.ts',
  'runners/scenarios/scenario-process.ts',
  'runners/scenarios/server-worker.ts',
  'runners/tfjs/probe-process.ts',
  'runners/tfjs/setup/verify-process.ts',
  'runners/tfjs/wasm-thread.ts',
  'runners/timing/timed-process.ts',
  'site/astro-process.ts',
  'suites/schema.ts',
];

/** Packages with files beside their modules, which the user installs, or in CommonJS that asks for modules of Node. */
const apart = ['onnxruntime-node', '@tensorflow/*', 'webgpu', 'astro', 'piscina', 'yaml'];

/**
 * Joins our modules and the packages they import to few, which takes a process half of the time to load. All lie in one folder, so
 * that what is beside a module of ours is beside the module it is joined to.
 */
export async function bundle(folder: string, further: readonly string[] = []): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    ...{ absWorkingDir: import.meta.dirname, outdir: path.resolve(folder), entryNames: '[name]' },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node22.18' },
    ...{ external: apart, logLevel: 'warning' },
    entryPoints: [...entries, ...further],
  });
}

if (import.meta.main) await bundle('dist');
