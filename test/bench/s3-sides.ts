// The servers of the rows about S3: ours; a bare Fastify handler that reads a body, hashes it with MD5 and keeps it, and that only sends
// what it kept; and LocalStack.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { fastify } from 'fastify';

import { openClock } from '../../src/core/clock.ts';
import { randomSource } from '../../src/core/random.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/index.ts';
import type { Store } from '../../src/core/model/trigger.ts';
import { startLocalstackProcess } from '../localstack/localstack-process.ts';
import type { S3Stretch, S3StretchResult } from './s3-client.ts';

export interface S3Client extends AsyncDisposable {
  stretch(order: S3Stretch): Promise<S3StretchResult>;
}

export function openS3Client(): S3Client {
  const worker = new Worker(new URL('./s3-client.ts', import.meta.url));
  return {
    async stretch(order) {
      worker.postMessage(order);
      const [result] = (await once(worker, 'message')) as [S3StretchResult];
      return result;
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}

/** Our S3 with the bucket `bench`. */
export async function openBenchStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-bench-'));
  const store = await openEmbeddedStore({
    clock: openClock(),
    random: randomSource(1),
    folder: join(folder, 's3'),
    memoryBytes: 256 * 1024 ** 2,
  });
  await store.createBucket('bench');
  return {
    ...store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

export interface OtherS3 extends AsyncDisposable {
  readonly origin: string;
  /** Where ours serves too. */
  readonly isOnThisThread: boolean;
}

/** LocalStack with the bucket `bench`, or the sentence why it cannot be had. */
export async function openLocalstack(): Promise<OtherS3 | string> {
  const started = await startLocalstackProcess();
  if (typeof started === 'string') return started;
  const { endpoint: origin } = started;
  const { status } = await fetch(`${origin}/bench`, { method: 'PUT' });
  if (status !== 200) throw new Error(`LocalStack answered ${status} to a new bucket`);
  return { origin, isOnThisThread: false, [Symbol.asyncDispose]: () => started[Symbol.asyncDispose]() };
}

export async function openBareS3(): Promise<OtherS3> {
  const kept = new Map<string, { body: Buffer; md5: string }>();
  const app = fastify({ bodyLimit: 2 * 1024 * 1024, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.put('/*', (request, reply) => {
    const body = request.body as Buffer;
    const md5 = createHash('md5').update(body).digest('hex');
    kept.set(request.url, { body, md5 });
    return reply.header('etag', `"${md5}"`).send();
  });
  app.get('/*', (request, reply) => reply.type('binary/octet-stream').send(kept.get(request.url)?.body));
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return { origin, isOnThisThread: true, [Symbol.asyncDispose]: () => app.close() };
}
