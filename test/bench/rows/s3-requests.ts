// PUTs to and GETs from the embedded S3, against a bare Fastify handler that reads, hashes with MD5 and keeps, and only sends; and against
// LocalStack, where `npm run test:localstack` has installed one.

import type { Round, Row } from '../row.ts';
import { keyCount } from '../s3-client.ts';
import { openBareS3, openBenchStore, openLocalstack, openS3Client, type OtherS3 } from '../s3-sides.ts';

const connections = 8;
/** Stretches alternate, so that noise on the machine meets both sides. */
const stretchCount = 8;
const stretchMs = 120;

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
  // Warm-up, of the client too, which is a new one; and what is then read.
  for (const origin of Object.values(origins)) {
    const put = { ...common, origin, method: 'PUT' } as const;
    let durationMs = 150;
    while ((await client.stretch({ ...put, durationMs })).count < keyCount) durationMs *= 2;
    if (method === 'GET') await client.stretch({ ...common, origin, method, durationMs: 300 });
  }
  const total = { ours: { ...nothing }, baseline: { ...nothing } };
  for (let i = 0; i < stretchCount; i++) {
    for (const side of i % 2 === 0 ? (['ours', 'baseline'] as const) : (['baseline', 'ours'] as const)) {
      const before = process.threadCpuUsage();
      const result = await client.stretch({ ...common, origin: origins[side], method, durationMs: stretchMs });
      const { user, system } = process.threadCpuUsage(before);
      add(total[side], { ...result, serverCpuMs: (user + system) / 1000 });
    }
  }
  const perS = ({ count, elapsedMs }: Total): number => (count / elapsedMs) * 1000;
  const round = { ours: perS(total.ours), baseline: perS(total.baseline) };
  return other.isOnThisThread ? { ...round, note: cpuNote(total) } : round;
}

interface Total {
  count: number;
  elapsedMs: number;
  /** What the servers' thread took. */
  serverCpuMs: number;
  /** What the client's thread took. */
  cpuMs: number;
}

const nothing: Readonly<Total> = { count: 0, elapsedMs: 0, serverCpuMs: 0, cpuMs: 0 };

function add(total: Total, stretch: Readonly<Total>): void {
  for (const name of ['count', 'elapsedMs', 'serverCpuMs', 'cpuMs'] as const) total[name] += stretch[name];
}

function cpuNote({ ours, baseline }: Readonly<Record<'ours' | 'baseline', Total>>): string {
  const each = ({ count, serverCpuMs, cpuMs }: Total): string =>
    `${((serverCpuMs / count) * 1000).toFixed(0)} us, its client's thread ${((cpuMs / count) * 1000).toFixed(0)} us`;
  return `CPU of a request: ${each(ours)}; bare ${each(baseline)}`;
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
