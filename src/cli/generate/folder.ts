// A folder: each file at its key below it, and none half-written under its final name.

import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { makeFolder } from '../../core/make-folder.ts';
import type { Output, OutputOptions } from './output.ts';

export function openFolder(host: Host, out: string, options: OutputOptions): Output {
  const folder = resolve(host.cwd, out);
  if (options.endpoint !== undefined) {
    throw new FlowrigError(
      'bad-usage',
      `--endpoint goes with --out s3://BUCKET/PREFIX, and --out is the folder ${out}.`,
    );
  }
  refuseFilledFolder(folder, out, options);
  return {
    where: `below ${folder}`,
    put: async (key, bytes) => writeWhole(join(folder, key), bytes),
    finish: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function refuseFilledFolder(folder: string, out: string, options: OutputOptions): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() === false) {
    throw new FlowrigError('bad-usage', `--out ${out}: ${folder} is no folder. Name one, or one that is to be made.`);
  }
  if (!found || options.force || readdirSync(folder).length === 0) return;
  throw new FlowrigError('folder-not-empty', `--out ${out}: ${folder} is not empty. Give another folder, or --force.`);
}

function writeWhole(path: string, bytes: Uint8Array): void {
  // The marker of a folder is the folder itself.
  const isMarker = path.endsWith('/') || path.endsWith('\\');
  try {
    makeFolder(isMarker ? path : dirname(path));
    if (!isMarker) writeAndRename(path, bytes);
  } catch (cause) {
    throw new FlowrigError('cannot-write', `Cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}

function writeAndRename(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(`${path}.partial`, bytes);
    renameSync(`${path}.partial`, path);
  } catch (cause) {
    rmSync(`${path}.partial`, { force: true });
    throw cause;
  }
}
