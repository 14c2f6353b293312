import path from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';
import LongFirst from './tests/long-first.ts';

/** Rooms whose tests leave nothing behind in their process: one worker for file after file saves what loading takes. */
const rooms = [
  ...['core', 'datasets', 'house', 'models/explain', 'models/onnx', 'models/passes'],
  ...['results', 'site/views', 'suites', 'tasks'],
];
const shared = rooms.map((room) => `tests/${room}/**/*.test.ts`);

const bundled = path.join(import.meta.dirname, 'tests/bundled.ts');

/** Our modules fork others that lie beside them; in tests these come from the bundle. */
const forkFromBundle: Plugin = {
  name: 'fork-from-bundle',
  enforce: 'pre',
  resolveId: (source) => (source.endsWith('/package-root.ts') ? bundled : null),
};

export default defineConfig({
  plugins: [forkFromBundle],
  test: {
    globalSetup: ['./tests/temporary-folder.ts', './tests/bundle-once.ts'],
    // Only to end what hangs: a machine that others use may take several times as long as an idle one.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    pool: 'forks',
    // As many as the least machine has cores; of itself it takes one fewer.
    maxWorkers: 2,
    // Of concurrent tests, which start processes; on the command line it would not reach the projects.
    maxConcurrency: 3,
    sequence: { sequencer: LongFirst },
    projects: [
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
      { extends: true, test: { name: 'alone', include: ['tests/**/*.test.ts'], exclude: shared } },
    ],
  },
});
