// Before the zoo: the rig as three files, the run and its two threads. Each run starts both threads, and loading some 300 modules
// of ours and of packages cost more than all else of it: a run of 200 records took 0.71 CPU seconds from sources, 0.42 so.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** The rig's `harness.js`, with its threads beside it. */
export const bundledHarness = join(root, 'node_modules/.cache/zoo/harness.js');

const entries = ['harness', 'sink-thread', 'writer-thread'];

/** Files that start what lies beside them, a Lambda's loop or the forwarder, find it where it was. */
const places: Plugin = {
  name: 'places',
  setup(builder) {
    builder.onLoad({ filter: /src.(lambda|targets).*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replaceAll('import.meta.dirname', JSON.stringify(dirname(path))), loader: 'ts' };
    });
  },
};

/** Vitest calls it once, before any fork starts. */
export default async function bundleRig(): Promise<void> {
  const folder = join(bundledHarness, '..');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // Node would compile each file once more to find out that it is a module.
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await build({
    entryPoints: entries.map((name) => join(root, `src/run/${name}.ts`)),
    outdir: folder,
    bundle: true,
    // What is imported when it is needed only stays apart, and is not read before.
    splitting: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Loaded where Docker is asked for only, and where our forwarder has changed.
    external: ['testcontainers', 'esbuild'],
    plugins: [places],
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}
