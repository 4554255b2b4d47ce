// An open sink with its admin API, and what tests ask of it.

import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openClock, type SkippableClock } from '../../src/core/clock.ts';
import { randomSource } from '../../src/core/random.ts';
import { defaultFormat } from '../../src/flowlogs/fields.ts';
import { identifyRequest, matchRecords } from '../../src/oracle/index.ts';
import { readWrittenFaults } from '../../src/scenario/written-faults.ts';
import { DeliveryLog, openAdmin } from '../../src/sink/admin/index.ts';
import { openSink, type Sink, type SinkFaultConfig, type SinkOptions } from '../../src/sink/index.ts';
import { key } from './rig.ts';

/** A line of `GET /deliveries`, as far as tests look at it. */
export interface ToldDelivery {
  readonly sequence: number;
  readonly receivedMs: number;
  readonly acknowledgement: string;
  readonly statusCode: number;
  readonly resourceLogs: readonly object[];
}

export interface AdminRig extends AsyncDisposable {
  readonly sink: Sink;
  readonly clock: SkippableClock;
  /** Of the admin API. */
  readonly url: string;
  /** Bytes of the archive's files. */
  archiveBytes(): Promise<number>;
  deliveries(query?: string): Promise<ToldDelivery[]>;
  setFaults(faults: unknown): Promise<Response>;
}

/** A cloud sink that takes `key`, unless `options` say otherwise. */
export async function openAdminRig(options: Partial<SinkOptions> = {}): Promise<AdminRig> {
  const parent = await mkdtemp(join(tmpdir(), 'flowrig-admin-'));
  const folder = join(parent, 'archive');
  const clock = openClock();
  const log = new DeliveryLog(folder);
  const sink = await openSink({
    clock,
    random: randomSource(1),
    startedMs: clock.nowMs(),
    edition: 'cloud',
    key,
    folder,
    faults: [],
    identify: identifyRequest([defaultFormat]),
    match: matchRecords([defaultFormat]),
    onArchived: (entry, line, isAmended) => log.add(entry, line, isAmended),
    ...options,
  });
  const admin = await openAdmin({
    sink,
    log,
    port: 0,
    readFaults: (written) => readWrittenFaults(written, 'sink') as unknown as readonly SinkFaultConfig[],
    version: '1.2.3',
    residentBytes: () => 4096,
  });
  return {
    sink,
    clock,
    url: admin.url,
    async archiveBytes() {
      const files = await readdir(folder);
      const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    async deliveries(query = '') {
      return linesOf(await (await fetch(`${admin.url}/deliveries${query}`)).text());
    },
    setFaults: (faults) => fetch(`${admin.url}/faults`, { method: 'PUT', body: JSON.stringify(faults) }),
    async [Symbol.asyncDispose]() {
      await admin[Symbol.asyncDispose]();
      await sink[Symbol.asyncDispose]();
      await rm(parent, { recursive: true });
    },
  };
}

/** Newline-delimited JSON; what stands behind the last line feed is no line. */
export function linesOf(text: string): ToldDelivery[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as ToldDelivery);
}
