// `flowrig doctor`: what this machine has, what is lacking because of what it has not, and how much the rig itself takes here.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exitCodes } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { formatBytes, formatRate } from '../../core/units.ts';
import { ownVersion } from '../../core/version.ts';
import { measureMachine, type MachineCeilings } from '../../run/machine-ceilings.ts';
import { lookAtMachine, type MachinePart } from '../machine.ts';

export async function doctor(host: Host, options: { json?: boolean }): Promise<number> {
  const parts = await lookAtMachine(host);
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-doctor-'));
  try {
    const ceilings = await measureMachine(folder);
    if (options.json) {
      const document = { formatVersion: 1, flowrig: { version: ownVersion() }, parts, ceilings };
      host.write('stdout', `${JSON.stringify(document)}\n`);
    } else for (const line of linesOf([...parts, ...ceilingParts(ceilings)])) host.write('stdout', `${line}\n`);
    return exitCodes.pass;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ceilingParts({ sink, store }: MachineCeilings): MachinePart[] {
  const ceiling = (name: string, value: number | undefined, told: (value: number) => string): MachinePart =>
    value === undefined
      ? {
          name,
          state: 'missing',
          detail: 'not measured',
          lacks: 'it did not answer as it should: this is a bug in flowrig',
        }
      : { name, state: 'ok', detail: told(value) };
  const records = (of: string) => (value: number) => `takes ${formatRate(value)} records/s here, ${of}`;
  return [
    ceiling('sink', sink.otlpRecordsPerS, records('raw lines as OTLP protobuf, gzip')),
    ceiling('sink', sink.jsonRecordsPerS, records('raw lines as /logs/json, gzip')),
    ceiling('s3', store.putBytesPerS, (value) => `takes ${formatBytes(value)}/s here, in PUTs of 1 MiB`),
  ];
}

function linesOf(parts: readonly MachinePart[]): string[] {
  const width = Math.max(...parts.map(({ name }) => name.length)) + 2;
  return parts.map(({ name, state, detail, lacks }) => {
    return `${state.padEnd(9)}${name.padEnd(width)}${detail}${lacks === undefined ? '' : ` (${lacks})`}`;
  });
}
