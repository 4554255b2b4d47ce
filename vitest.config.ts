import { join } from 'node:path';

import { defineConfig } from 'vitest/config';

const cache = join(import.meta.dirname, 'node_modules', '.cache');

// Timings never decide a test: the limit only ends one that hangs.
const common = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  pool: 'forks',
  // Modules are loaded once a worker and not once a file: three rooms took 72 s of CPU, and 118 with each file on its own.
  isolate: false,
  // Tests leave the user's own cache folder alone. What the rig's threads compile is kept there, too.
  env: { XDG_CACHE_HOME: cache, NODE_COMPILE_CACHE: join(cache, 'compile') },
  // On two cores vitest would take one; most tests wait for processes.
  maxWorkers: 2,
} as const;

// Whole runs wait for their processes: three at once took 95 s where two took 112. Groups of files that differ in this run one after the other.
const waiting = { maxWorkers: 3, sequence: { groupOrder: 1 } } as const;

// Installs and compiles first, which takes minutes on a cold machine.
const otherLanguages = ['test/python/**', 'test/forwarders/**', 'test/e2e/readme-clients.test.ts'];

// Whole runs and large bodies, so that `npm test` stays under three minutes on two cores: `npm run test:system`.
const system = [
  'test/cli/doctor.test.ts',
  'test/contract/targets.test.ts',
  'test/e2e/broken-code.test.ts',
  'test/e2e/command-line.test.ts',
  'test/e2e/command-target.test.ts',
  'test/e2e/disk-full.test.ts',
  'test/e2e/files.test.ts',
  'test/e2e/invoke.test.ts',
  'test/e2e/judge.test.ts',
  'test/e2e/real-name.test.ts',
  'test/e2e/sink-faults.test.ts',
  'test/e2e/trigger-scenarios.test.ts',
  'test/report/browser.test.ts',
  'test/run/headroom.test.ts',
  'test/sink/bodies.test.ts',
];

// Many runs each, by commands of their own: `npm run zoo`, `npm run determinism`, `npm run test:long`.
const zoo = ['test/zoo/wrong.test.ts', 'test/zoo/right.test.ts'];
// Against a LocalStack from PyPI, which `npm run test:localstack` installs and starts first.
const localstack = ['test/localstack/*.test.ts'];
// AWS's SDKs for Go and Java, which `npm run test:clients` brings and compiles first.
const sdks = ['test/clients/*.test.ts'];
// By a Docker that answers, or one that root may start: `npm run test:docker`. With it the contract of a container as the target, too.
const docker = ['test/docker/*.test.ts'];
const withContainers = ['test/contract/targets.test.ts', 'test/targets/container.test.ts'];
const long = [
  'test/zoo/catalogue.test.ts',
  'test/e2e/catalogue.test.ts',
  'test/e2e/determinism.test.ts',
  'test/e2e/store-faults.test.ts',
  'test/e2e/try.test.ts',
  'test/sink/decode-bounds.test.ts',
  'test/stores/extremes.test.ts',
];

export default defineConfig({
  test: {
    // Of what a project has started for all of its files: Docker's engine takes its time to stop.
    teardownTimeout: 60_000,
    projects: [
      {
        test: {
          ...common,
          name: 'rig',
          include: ['test/**/*.test.ts'],
          exclude: [...otherLanguages, ...system, ...zoo, ...long, ...localstack, ...docker, ...sdks],
        },
      },
      { test: { ...common, ...waiting, name: 'system', include: system } },
      { test: { ...common, name: 'clients', include: sdks } },
      {
        test: {
          ...common,
          name: 'zoo',
          include: zoo,
          globalSetup: ['test/zoo/bundle-rig.ts'],
          // Our own forwarder comes again as late as SigNoz tells it to.
          testTimeout: 300_000,
        },
      },
      { test: { ...common, name: 'long', include: long } },
      {
        test: {
          ...common,
          name: 'docker',
          include: [...docker, ...withContainers],
          globalSetup: ['test/docker/global-setup.ts'],
          // They share the engine's images.
          fileParallelism: false,
        },
      },
      {
        test: { ...common, name: 'localstack', include: localstack, globalSetup: ['test/localstack/global-setup.ts'] },
      },
      // Needs Python, and Go and curl where there are any: `npm run test:python`.
      {
        test: {
          ...common,
          ...waiting,
          name: 'python',
          include: otherLanguages.map((path) => (path.endsWith('**') ? `${path}/*.test.ts` : path)),
        },
      },
    ],
  },
});
