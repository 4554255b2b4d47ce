// Asks interpreters what they are.

import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** More than the slowest start of one under load; a file that is no interpreter may hang. */
const probeLimitMs = 10_000;

/** The lines that a command prints; undefined where it fails. */
export async function linesOf(
  command: string,
  commandArguments: readonly string[],
  searchPath: string,
): Promise<string[] | undefined> {
  try {
    // A launcher of several versions, such as pyenv's, finds them by PATH and HOME of its own user.
    const options = { timeout: probeLimitMs, env: { PATH: searchPath }, encoding: 'utf8' as const };
    const { stdout } = await run(command, [...commandArguments], options);
    return stdout.trim().split('\n');
  } catch {
    return undefined;
  }
}

/** All executables of these names, in the order of the names and then of the folders. */
export function* executables(names: readonly string[], searchPath: string): Generator<string> {
  for (const name of names) {
    for (const folder of searchPath.split(path.delimiter)) {
      const file = path.join(folder, name);
      if (folder !== '' && isExecutable(file)) yield file;
    }
  }
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
