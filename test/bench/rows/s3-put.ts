// Uploads of 1 MiB to the embedded S3, against a bare Fastify handler that reads the body, hashes it with MD5 and keeps it.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { fastify } from 'fastify';

import { openClock } from '../../../src/core/clock.ts';
import { randomSource } from '../../../src/core/random.ts';
import { openEmbeddedStore } from '../../../src/stores/embedded/index.ts';
import type { Round, Row } from '../row.ts';
import type { PutStretch, PutStretchResult } from '../put-client.ts';

const sizeBytes = 1024 * 1024;
const connections = 8;
/** Stretches alternate, so that noise on the machine meets both sides. */
const stretchCount = 4;
const stretchMs = 220;

async function run(): Promise<Round> {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-bench-'));
  const client = new Worker(new URL('../put-client.ts', import.meta.url));
  const bare = await openBareServer();
  try {
    await using store = await openEmbeddedStore({
      clock: openClock(),
      random: randomSource(1),
      folder: join(folder, 's3'),
      memoryBytes: 256 * 1024 ** 2,
    });
    await store.createBucket('bench');
    const origins = { ours: store.address.endpoint, baseline: bare.origin };
    for (const origin of Object.values(origins)) await stretch(client, origin, 100); // warm-up
    const total = { ours: { count: 0, elapsedMs: 0 }, baseline: { count: 0, elapsedMs: 0 } };
    for (let i = 0; i < stretchCount; i++) {
      for (const side of i % 2 === 0 ? (['ours', 'baseline'] as const) : (['baseline', 'ours'] as const)) {
        const { count, elapsedMs } = await stretch(client, origins[side], stretchMs);
        total[side].count += count;
        total[side].elapsedMs += elapsedMs;
      }
    }
    const mibPerS = ({ count, elapsedMs }: PutStretchResult): number => (count / elapsedMs) * 1000;
    return { ours: mibPerS(total.ours), baseline: mibPerS(total.baseline) };
  } finally {
    await bare.close();
    await client.terminate();
    await rm(folder, { recursive: true });
  }
}

async function stretch(client: Worker, origin: string, durationMs: number): Promise<PutStretchResult> {
  const order: PutStretch = { origin, durationMs, connections, sizeBytes };
  client.postMessage(order);
  const [result] = (await once(client, 'message')) as [PutStretchResult];
  return result;
}

async function openBareServer(): Promise<{ origin: string; close(): Promise<void> }> {
  const kept = new Map<string, { body: Buffer; md5: string }>();
  const app = fastify({ bodyLimit: 2 * sizeBytes, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.put('/*', (request, reply) => {
    const body = request.body as Buffer;
    const md5 = createHash('md5').update(body).digest('hex');
    kept.set(request.url, { body, md5 });
    return reply.header('etag', `"${md5}"`).send();
  });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return { origin, close: () => app.close() };
}

export const row: Row = {
  name: 's3-put',
  unit: 'MiB/s',
  baseline: '1 MiB bodies: a bare Fastify handler that reads, hashes with MD5 and keeps',
  goal: { ratio: 0.9 },
  run,
};
