// PUTs to and GETs from the embedded S3, against a bare Fastify handler that reads, hashes with MD5 and keeps, and only sends; and against
// LocalStack, where `npm run test:localstack` has installed one.

import type { Round, Row } from '../row.ts';
import { keyCount } from '../s3-client.ts';
import { openBareS3, openBenchStore, openLocalstack, openS3Client, type OtherS3 } from '../s3-sides.ts';

const connections = 8;
/** Stretches alternate, so that noise on the machine meets both sides. */
const stretchCount = 4;
const stretchMs = 220;

interface Requests {
  readonly method: 'PUT' | 'GET';
  readonly sizeBytes: number;
  readonly openOther: () => Promise<OtherS3 | string>;
}

async function run({ method, sizeBytes, openOther }: Requests): Promise<Round | string> {
  const opened = await openOther();
  if (typeof opened === 'string') return opened;
  await using other = opened;
  await using client = openS3Client();
  await using store = await openBenchStore();
  const origins = { ours: store.address.endpoint, baseline: other.origin };
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

const requests = [
  { name: 's3-put', unit: 'MiB/s', bodies: '1 MiB bodies', method: 'PUT', sizeBytes: mib, ratio: 0.9 },
  { name: 's3-put-small', unit: 'PUT/s', bodies: '4 KiB bodies', method: 'PUT', sizeBytes: 4096, ratio: 0.6 },
  { name: 's3-get', unit: 'MiB/s', bodies: '1 MiB bodies', method: 'GET', sizeBytes: mib, ratio: 0.9 },
  { name: 's3-get-small', unit: 'GET/s', bodies: '1 KiB bodies', method: 'GET', sizeBytes: 1024, ratio: 0.9 },
] as const;

const bareDoes = { PUT: 'that reads, hashes with MD5 and keeps', GET: 'that only sends' };

export const requestRows: readonly Row[] = [
  ...requests.map(({ name, unit, bodies, method, sizeBytes, ratio }) => ({
    name,
    unit,
    baseline: `${bodies}: a bare Fastify handler ${bareDoes[method]}`,
    goal: { ratio },
    run: () => run({ method, sizeBytes, openOther: openBareS3 }),
  })),
  ...requests.map(({ name, unit, bodies, method, sizeBytes }) => ({
    name: `${name}-localstack`,
    unit,
    baseline: `${bodies}: LocalStack`,
    goal: {},
    rounds: 3,
    run: () => run({ method, sizeBytes, openOther: openLocalstack }),
  })),
];
