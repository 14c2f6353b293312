import { defineConfig } from 'vitest/config';

/** Rooms whose tests start no process and load no runtime: one worker after another file saves what loading takes. */
const pure = ['core', 'datasets', 'house', 'results', 'site/views', 'suites', 'tasks'];
const inPure = pure.map((room) => `tests/${room}/**/*.test.ts`);

export default defineConfig({
  test: {
    globalSetup: './tests/temporary-folder.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // As many as the least machine has cores; of itself it takes one fewer.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'pure', include: inPure, isolate: false } },
      { extends: true, test: { name: 'whole', include: ['tests/**/*.test.ts'], exclude: inPure } },
    ],
  },
});
