import { join } from 'node:path';

import { defineConfig } from 'vitest/config';

// Timings never decide a test: the limit only ends one that hangs.
const common = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  pool: 'forks',
  // Tests leave the user's own cache folder alone.
  env: { XDG_CACHE_HOME: join(import.meta.dirname, 'node_modules', '.cache') },
  // On two cores vitest would take one; most tests wait for processes.
  maxWorkers: 2,
} as const;

export default defineConfig({
  test: {
    projects: [
      { test: { ...common, name: 'rig', include: ['test/**/*.test.ts'], exclude: ['test/python/**'] } },
      // Needs Python: `npm run test:python`.
      { test: { ...common, name: 'python', include: ['test/python/**/*.test.ts'] } },
    ],
  },
});
