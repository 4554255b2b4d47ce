// A folder: each file at its key below it, and none half-written under its final name.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
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
  if (options.force || !existsSync(folder) || readdirSync(folder).length === 0) return;
  throw new FlowrigError('folder-not-empty', `--out ${out}: ${folder} is not empty. Give another folder, or --force.`);
}

function writeWhole(path: string, bytes: Uint8Array): void {
  // The marker of a folder is the folder itself.
  const isMarker = path.endsWith('/') || path.endsWith('\\');
  try {
    mkdirSync(isMarker ? path : dirname(path), { recursive: true });
    if (isMarker) return;
    writeFileSync(`${path}.partial`, bytes);
    renameSync(`${path}.partial`, path);
  } catch (cause) {
    rmSync(`${path}.partial`, { force: true });
    throw new FlowrigError('cannot-write', `Cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}
