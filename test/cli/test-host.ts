// A host of a test's own: the whole command line runs in this process, and what it says is kept.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runCommandLine } from '../../src/cli/command-line.ts';
import type { Host } from '../../src/core/host.ts';

export interface Told {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes a file and returns its path. */
  write(name: string, text: string): string;
  /** Runs a command line in this folder. */
  flowrig(...argv: string[]): Promise<Told>;
}

export function testFolder(env: Record<string, string> = {}): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'flowrig-test-'));
  return {
    path,
    write(name, text) {
      const file = join(path, name);
      writeFileSync(file, text);
      return file;
    },
    async flowrig(...argv) {
      const told = { stdout: '', stderr: '' };
      const host: Host = {
        argv,
        env,
        cwd: path,
        isTerminal: false,
        isOutputTerminal: false,
        nodePath: process.execPath,
        nodeVersion: process.versions.node,
        write: (stream, text) => void (told[stream] += Buffer.from(text).toString()),
        writeOut: async (bytes) => void (told.stdout += Buffer.from(bytes).toString('latin1')),
        onInterrupt: () => ({ [Symbol.dispose]: () => undefined }),
      };
      return { exitCode: await runCommandLine(host), ...told };
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
