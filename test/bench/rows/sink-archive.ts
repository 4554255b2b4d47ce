// Bytes that the sink takes, checks, archives and answers, against a bare node:http server that reads the body, counts it and
// answers. Records are handed on behind the answer, so the row leaves that out; its note says what remains with the real ledger. The
// client, the same for all, has a thread of its own: it takes less of a request of 1 MiB than either server's, and as much of one of 64 KiB as
// the bare one's.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { openClock } from '../../../src/core/clock.ts';
import { randomSource } from '../../../src/core/random.ts';
import { defaultFormat } from '../../../src/flowlogs/fields.ts';
import { openLedger, type Ledger } from '../../../src/oracle/index.ts';
import { openSink, type Sink } from '../../../src/sink/index.ts';
import type { PostStretch, PostStretchResult } from '../post-client.ts';
import type { Round, Row } from '../row.ts';
import {
  contentTypes,
  corpusLines,
  corpusStartMs,
  paths,
  requestOfSize,
  type Encoded,
  type Format,
} from '../sink-bodies.ts';

const connections = 8;
/**
 * Stretches alternate, so that noise on the machine meets both sides. The first of each is not counted: what a sink makes for itself V8 has
 * not compiled yet, and does so on the core that the client wants.
 */
const stretchCount = 4;
const stretchMs = 300;
const key = 'bench-key-0123456789';

type Side = 'ours' | 'baseline' | 'booked';
const warming: readonly Side[] = ['ours', 'baseline', 'ours', 'baseline', 'booked'];
const counted: readonly Side[] = [
  ...Array.from({ length: stretchCount }, (_, i): readonly Side[] =>
    i % 2 === 0 ? ['ours', 'baseline'] : ['baseline', 'ours'],
  ).flat(),
  'booked',
  'booked',
];

async function run(format: Format, request: Encoded): Promise<Round> {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-bench-'));
  const client = new Worker(new URL('../post-client.ts', import.meta.url));
  const bare = await openBareServer();
  try {
    await using ledger = openLedger({ fields: [defaultFormat], seed: 1, folder: join(folder, 'ledger') });
    await using sink = await open(join(folder, 'archive'), undefined);
    await using booking = await open(join(folder, 'booked'), ledger);
    const origins: Record<Side, string> = { ours: sink.url, baseline: bare.origin, booked: booking.url };
    const total = { ours: 0, baseline: 0, booked: 0 };
    const elapsedMs = { ours: 0, baseline: 0, booked: 0 };
    const cpuMs = { ours: 0, baseline: 0, booked: 0, client: 0 };
    for (const [i, side] of [...warming, ...counted].entries()) {
      const beganMs = performance.now();
      const before = process.threadCpuUsage();
      const { count, cpuMs: clientMs } = await stretch(client, { origin: origins[side], format, request });
      // What is still to be booked belongs to the stretch.
      if (side === 'booked') await booking.idle();
      if (i < warming.length) continue;
      total[side] += count;
      elapsedMs[side] += performance.now() - beganMs;
      const { user, system } = process.threadCpuUsage(before);
      cpuMs[side] += (user + system) / 1000;
      cpuMs.client += clientMs;
    }
    const mibPerS = (side: Side): number => (total[side] * request.body.length) / 1024 ** 2 / (elapsedMs[side] / 1000);
    const booked = `${mibPerS('booked').toFixed(0)} MiB/s (${(mibPerS('booked') / mibPerS('baseline')).toFixed(2)})`;
    const perRequest = (side: Side): string => `${((cpuMs[side] / total[side]) * 1000).toFixed(0)} us`;
    const ofClient = (cpuMs.client / (total.ours + total.baseline + total.booked)) * 1000;
    return {
      ours: mibPerS('ours'),
      baseline: mibPerS('baseline'),
      note:
        `${booked} with the ledger booking every record; CPU of a request: ${perRequest('ours')}, bare ${perRequest('baseline')}, ` +
        `the client's thread ${ofClient.toFixed(0)} us`,
    };
  } finally {
    bare.close();
    await client.terminate();
    await rm(folder, { recursive: true });
  }
}

function open(folder: string, ledger: Ledger | undefined): Promise<Sink> {
  const clock = openClock();
  return openSink({
    clock,
    random: randomSource(1),
    startedMs: clock.nowMs(),
    edition: 'cloud',
    key,
    folder,
    faults: [],
    // As in a run, where log time is the corpus's own: nothing is too old to be stored.
    logNowMs: () => corpusStartMs,
    ...(ledger ? { onRecords: (sequence, show) => ledger.arriveAll(sequence, show) } : {}),
  });
}

async function stretch(
  client: Worker,
  { origin, format, request }: { origin: string; format: Format; request: Encoded },
): Promise<PostStretchResult> {
  const headers = { 'content-type': contentTypes[format], 'signoz-ingestion-key': key };
  const order: PostStretch = {
    origin,
    path: paths[format],
    headers,
    body: request.body,
    durationMs: stretchMs,
    connections,
  };
  client.postMessage(order);
  const [result] = (await once(client, 'message')) as [PostStretchResult];
  return result;
}

async function openBareServer(): Promise<{ origin: string; close(): void }> {
  let bytes = 0;
  const server = createServer((incoming, answer) => {
    incoming.on('data', (piece: Buffer) => (bytes += piece.length)).on('end', () => answer.end());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close().closeAllConnections(),
  };
}

const sizes = { '1mib': 1024 * 1024, '64kib': 64 * 1024 };

function rowOf(size: keyof typeof sizes, format: Format): Row {
  let request: Encoded | undefined;
  return {
    name: `sink-archive-${size}-${format}`,
    unit: 'MiB/s',
    baseline: 'a bare node:http server that reads, counts and answers',
    goal: { ratio: 0.6 },
    async run() {
      request ??= requestOfSize(format, 'raw-lines', { sizeBytes: sizes[size], lines: await corpusLines(12_000) });
      return run(format, request);
    },
  };
}

export const archiveRows: readonly Row[] = [
  rowOf('1mib', 'otlp-protobuf'),
  rowOf('64kib', 'otlp-protobuf'),
  rowOf('1mib', 'logs-json'),
  rowOf('64kib', 'logs-json'),
];
