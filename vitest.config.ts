import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: './tests/temporary-folder.ts',
    include: ['tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
});
