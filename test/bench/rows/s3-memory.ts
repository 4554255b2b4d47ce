// Memory of 100,000 objects in the embedded S3, beside that of their bodies; and of a bare Map of keys, bodies and ETags.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Round, Row } from '../row.ts';

const execute = promisify(execFile);

interface Grown {
  readonly heldBytes: number;
  readonly rssBytes: number;
}

async function grown(kind: 'ours' | 'bare'): Promise<Grown> {
  const child = join(import.meta.dirname, '../s3-memory-child.ts');
  const { stdout } = await execute(process.execPath, ['--expose-gc', child, kind]);
  return JSON.parse(stdout) as Grown;
}

async function run(): Promise<Round> {
  const [ours, bare] = [await grown('ours'), await grown('bare')];
  const held = Math.round(ours.heldBytes / 1e6);
  const note = `${held} MB of them are held in V8's heap and beside it`;
  return { ours: ours.rssBytes / 1e6, baseline: bare.rssBytes / 1e6, note };
}

export const row: Row = {
  name: 's3-memory',
  unit: 'MB resident',
  baseline: '100,000 objects beside their bodies: a Map of keys, bodies and ETags',
  goal: { atMost: 150 },
  rounds: 3,
  run,
};
