// `flowrig inspect`: what flow-log files hold, and every rule of AWS's format that they break.

import { globSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { exitCodes, FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { inspectFile, type InspectedFile } from '../inspect/read-file.ts';
import { showFile, showTotal } from '../inspect/show.ts';

export async function inspect(
  host: Host,
  patterns: readonly string[],
  options: { readonly json?: boolean },
): Promise<number> {
  const files: InspectedFile[] = [];
  for (const path of patterns.flatMap((pattern) => filesOf(pattern, host.cwd))) {
    const file = await inspectFile(path);
    host.write('stdout', options.json ? `${JSON.stringify(file)}\n` : `${showFile(file)}\n\n`);
    files.push(file);
  }
  host.write(options.json ? 'stderr' : 'stdout', `${showTotal(files)}\n`);
  return files.some(({ violations }) => violations.length > 0) ? exitCodes.fail : exitCodes.pass;
}

/** A file or a pipe, every file below a folder, or what a glob matches. */
function filesOf(pattern: string, cwd: string): string[] {
  const path = resolve(cwd, pattern);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) return [path];
  const matches = globSync(found?.isDirectory() ? join(path, '**') : path, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => resolve(entry.parentPath, entry.name))
    .toSorted();
  if (matches.length > 0) return matches;
  const reason = found ? 'there is no file in this folder' : `there is no such file below ${cwd}`;
  throw new FlowrigError('file-missing', `${pattern}: ${reason}. Name files, folders or globs.`);
}
