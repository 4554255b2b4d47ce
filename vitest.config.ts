import { join } from 'node:path';

import { defineConfig } from 'vitest/config';

// Timings never decide a test: the limit only ends one that hangs.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Tests leave the user's own cache folder alone.
    env: { XDG_CACHE_HOME: join(import.meta.dirname, 'node_modules', '.cache') },
    // On two cores vitest would take one; most tests wait for processes.
    maxWorkers: 2,
  },
});
