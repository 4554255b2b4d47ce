import { defineConfig } from 'vitest/config';

// Timings never decide a test: the limit only ends one that hangs.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // On two cores vitest would take one; most tests wait for processes.
    maxWorkers: 2,
  },
});
