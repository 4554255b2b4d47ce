// Makes the forwarder's bundle, the one file that Lambda loads, when its sources are newer. Run directly (npm's `prepare` does) it
// says what it did. In the published package the sources are absent and the bundle is there.

import { glob, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const entryFile = path.join(root, 'src/forwarder/index.ts');
const bundleFile = path.join(root, 'dist/forwarder/index.mjs');

/**
 * Path of the built bundle, a file named `index.mjs` that exports `handler`; beside it lies its source map. Callers may run at the
 * same time, in one process or several: each reads a whole file. Rejects with esbuild's messages when the sources do not build.
 */
export async function ensureForwarderBundle(): Promise<string> {
  const builtMs = await modifiedMs(bundleFile);
  if (builtMs !== undefined && builtMs >= (await newestSourceMs())) return bundleFile;
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  // Here and not above: the package has the bundle and no esbuild.
  const { build } = await import('esbuild');
  const folder = path.dirname(bundleFile);
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(path.join(folder, '.build-'));
  try {
    await build({
      entryPoints: [entryFile],
      outfile: path.join(scratch, 'index.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      // Not minified: an error of the init prints its line, and a minified one is half a megabyte. Measured, Node 24 on 2 cores: the
      // import takes 103-136 ms either way, and as long with the runtime's own SDK instead of a bundled one; 272 KB zipped. So the
      // SDK is bundled: the version that was tested is the one that runs.
      sourcemap: 'linked',
      legalComments: 'none',
      define: { forwarderVersion: JSON.stringify(version) },
      // Some of the SDK's packages are CommonJS and ask for Node's own modules by `require`.
      banner: {
        js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
      },
      logLevel: 'silent',
    });
    for (const name of ['index.mjs.map', 'index.mjs']) await rename(path.join(scratch, name), path.join(folder, name));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return bundleFile;
}

/** When the newest of what the bundle is made from was changed; -Infinity where there are no sources. */
async function newestSourceMs(): Promise<number> {
  let newest = -Infinity;
  for await (const file of glob('src/forwarder/**/*.ts', { cwd: root })) {
    newest = Math.max(newest, (await modifiedMs(path.join(root, file))) ?? newest);
  }
  if (newest === -Infinity) return newest;
  return Math.max(newest, (await modifiedMs(path.join(root, 'package-lock.json'))) ?? newest);
}

async function modifiedMs(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.mtimeMs;
}

if (import.meta.main) {
  const file = await ensureForwarderBundle();
  console.log(`${path.relative(root, file)} is up to date (${Math.round((await stat(file)).size / 1024)} KiB).`);
}
