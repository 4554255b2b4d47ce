// Memory of 100,000 objects in the embedded S3, beside that of their bodies; and of a bare Map of keys, bodies and ETags.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Round, Row } from '../row.ts';

const execute = promisify(execFile);

interface Grown {
  readonly heldBytes: number;
  readonly rssBytes: number;
  readonly freeBytes: number;
}

async function grown(...words: readonly string[]): Promise<Grown> {
  const child = join(import.meta.dirname, '../s3-memory-child.ts');
  const { stdout } = await execute(process.execPath, ['--expose-gc', child, ...words]);
  return JSON.parse(stdout) as Grown;
}

async function run(): Promise<Round> {
  const [ours, bare] = [await grown('ours'), await grown('bare')];
  const [rss, free] = [Math.round(ours.rssBytes / 1e6), Math.round(ours.freeBytes / 1e6)];
  const later = Math.round((await grown('ours', 'grown')).rssBytes / 1e6);
  const note = `resident memory grew by ${rss} MB beside the bodies in a new process, ${free} of them room that V8 keeps for garbage; by ${later} MB in one whose young generation had grown before`;
  return { ours: ours.heldBytes / 1e6, baseline: bare.heldBytes / 1e6, note };
}

export const row: Row = {
  name: 's3-memory',
  unit: 'MB held',
  baseline: '100,000 objects beside their bodies: a Map of keys, bodies and ETags',
  goal: { atMost: 150 },
  rounds: 3,
  run,
};
