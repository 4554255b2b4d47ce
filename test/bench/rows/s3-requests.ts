// PUTs to and GETs from the embedded S3, against a bare Fastify handler that reads, hashes with MD5 and keeps, and only sends.

import type { Round, Row } from '../row.ts';
import { keyCount } from '../s3-client.ts';
import { openBareS3, openBenchStore, openS3Client } from '../s3-sides.ts';

const connections = 8;
/** Stretches alternate, so that noise on the machine meets both sides. */
const stretchCount = 4;
const stretchMs = 220;

async function run(method: 'PUT' | 'GET', sizeBytes: number): Promise<Round> {
  await using client = openS3Client();
  await using bare = await openBareS3();
  await using store = await openBenchStore();
  const origins = { ours: store.address.endpoint, baseline: bare.origin };
  const common = { connections, sizeBytes };
  // Warm-up; and what is then read.
  for (const origin of Object.values(origins)) {
    const put = { ...common, origin, method: 'PUT' } as const;
    let durationMs = 150;
    while ((await client.stretch({ ...put, durationMs })).count < keyCount) durationMs *= 2;
    if (method === 'GET') await client.stretch({ ...common, origin, method, durationMs: 100 });
  }
  const total = { ours: { count: 0, elapsedMs: 0 }, baseline: { count: 0, elapsedMs: 0 } };
  for (let i = 0; i < stretchCount; i++) {
    for (const side of i % 2 === 0 ? (['ours', 'baseline'] as const) : (['baseline', 'ours'] as const)) {
      const { count, elapsedMs } = await client.stretch({
        ...common,
        origin: origins[side],
        method,
        durationMs: stretchMs,
      });
      total[side].count += count;
      total[side].elapsedMs += elapsedMs;
    }
  }
  const perS = ({ count, elapsedMs }: { count: number; elapsedMs: number }): number => (count / elapsedMs) * 1000;
  return { ours: perS(total.ours), baseline: perS(total.baseline) };
}

const mib = 1024 * 1024;

export const requestRows: readonly Row[] = [
  {
    name: 's3-put',
    unit: 'MiB/s',
    baseline: '1 MiB bodies: a bare Fastify handler that reads, hashes with MD5 and keeps',
    goal: { ratio: 0.9 },
    run: () => run('PUT', mib),
  },
  {
    name: 's3-put-small',
    unit: 'PUT/s',
    baseline: '4 KiB bodies: a bare Fastify handler that reads, hashes with MD5 and keeps',
    goal: { ratio: 0.6 },
    run: () => run('PUT', 4096),
  },
  {
    name: 's3-get',
    unit: 'MiB/s',
    baseline: '1 MiB bodies: a bare Fastify handler that only sends',
    goal: { ratio: 0.9 },
    run: () => run('GET', mib),
  },
  {
    name: 's3-get-small',
    unit: 'GET/s',
    baseline: '1 KiB bodies: a bare Fastify handler that only sends',
    goal: { ratio: 0.9 },
    run: () => run('GET', 1024),
  },
];
