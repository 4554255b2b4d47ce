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

// Installs and compiles first, which takes minutes on a cold machine.
const otherLanguages = ['test/python/**', 'test/forwarders/**'];

export default defineConfig({
  test: {
    projects: [
      { test: { ...common, name: 'rig', include: ['test/**/*.test.ts'], exclude: otherLanguages } },
      // Needs Python, and Go and curl where there are any: `npm run test:python`.
      { test: { ...common, name: 'python', include: otherLanguages.map((folder) => `${folder}/*.test.ts`) } },
    ],
  },
});
