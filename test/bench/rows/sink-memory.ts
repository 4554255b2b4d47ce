// Peak memory of a process whose sink takes 5 GB of requests and books every record, sent from this process; beside it, that of a
// bare node:http server which takes a fifth of them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';

import type { PostStretch, PostStretchResult } from '../post-client.ts';
import type { Row } from '../row.ts';
import { contentTypes, corpusLines, paths, requestOfSize, type Format } from '../sink-bodies.ts';

const totalBytes = 5e9;
const sizeBytes = 1024 * 1024;
/** A machine too slow for all of it says how far it came. */
const limitMs = 45_000;
const stretchMs = 500;
/** Formats in turn: a JSON body costs many times its bytes while it is read. */
const turns: readonly Format[] = ['otlp-protobuf', 'otlp-protobuf', 'otlp-protobuf', 'logs-json'];

interface Taken {
  readonly rssPeakBytes: number;
  readonly sentBytes: number;
  readonly records: number;
}

type Bodies = Readonly<Partial<Record<Format, Buffer>>>;

async function take(kind: 'ours' | 'bare', wantedBytes: number, bodies: Bodies): Promise<Taken> {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-bench-'));
  const client = new Worker(new URL('../post-client.ts', import.meta.url));
  const child = spawn(process.execPath, [join(import.meta.dirname, '../sink-memory-child.ts'), kind, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const origin = (await said.next()).value as string;
    const startedMs = performance.now();
    let sentBytes = 0;
    for (let turn = 0; sentBytes < wantedBytes && performance.now() - startedMs < limitMs; turn++) {
      const format = turns[turn % turns.length]!;
      const body = bodies[format]!;
      const headers = { 'content-type': contentTypes[format], 'signoz-ingestion-key': 'bench-key-0123456789' };
      const stretch = { origin, path: paths[format], headers, body, durationMs: stretchMs, connections: 8 };
      client.postMessage(stretch satisfies PostStretch);
      const [{ count }] = (await once(client, 'message')) as [PostStretchResult];
      sentBytes += count * body.length;
    }
    child.stdin.end();
    return { ...(JSON.parse((await said.next()).value as string) as Omit<Taken, 'sentBytes'>), sentBytes };
  } finally {
    child.kill();
    await client.terminate();
    await rm(folder, { recursive: true });
  }
}

export const row: Row = {
  name: 'sink-memory',
  unit: 'MB of peak RSS',
  baseline: 'a bare node:http server that takes a fifth of the bytes',
  goal: { atMost: 300 },
  rounds: 1,
  async run() {
    const lines = await corpusLines(12_000);
    const sized = (format: Format): Buffer => requestOfSize(format, 'raw-lines', { sizeBytes, lines }).body;
    const bodies: Bodies = { 'otlp-protobuf': sized('otlp-protobuf'), 'logs-json': sized('logs-json') };
    const ours = await take('ours', totalBytes, bodies);
    const bare = await take('bare', totalBytes / 5, bodies);
    const records = `${(ours.records / 1e6).toFixed(1)} M records`;
    return {
      ours: ours.rssPeakBytes / 1e6,
      baseline: bare.rssPeakBytes / 1e6,
      note: `while taking ${(ours.sentBytes / 1e9).toFixed(1)} GB, ${records}`,
    };
  },
};
