import { defineConfig } from 'vitest/config';
import LongFirst from './tests/long-first.ts';

/** Rooms whose tests leave nothing behind in their process: one worker for file after file saves what loading takes. */
const rooms = [
  ...['core', 'datasets', 'house', 'models/explain', 'models/onnx', 'models/passes'],
  ...['results', 'site/views', 'suites', 'tasks'],
];
const shared = rooms.map((room) => `tests/${room}/**/*.test.ts`);

export default defineConfig({
  test: {
    globalSetup: './tests/temporary-folder.ts',
    // Only to end what hangs: a machine that others use may take several times as long as an idle one.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    pool: 'forks',
    // As many as the least machine has cores; of itself it takes one fewer.
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    projects: [
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
      { extends: true, test: { name: 'alone', include: ['tests/**/*.test.ts'], exclude: shared } },
    ],
  },
});
