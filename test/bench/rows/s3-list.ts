// A page of 1,000 keys out of 50,000 from the embedded S3, while PUTs come at half of what it takes at most; beside it the same page
// while nothing else comes.

import type { Round, Row } from '../row.ts';
import { openBenchStore, openS3Client, type S3Client } from '../s3-sides.ts';

const keyCount = 50_000;
const listMs = 1500;
const sizeBytes = 4096;

async function run(): Promise<Round> {
  await using putting = openS3Client();
  await using listing = openS3Client();
  await using store = await openBenchStore();
  for (let i = 0; i < keyCount; i++) {
    await store.put('bench', `AWSLogs/${(i * 7919) % keyCount}/object.log.gz`, Buffer.from('x'));
  }
  const origin = store.address.endpoint;
  const list = (client: S3Client): ReturnType<S3Client['stretch']> =>
    client.stretch({
      origin,
      method: 'GET',
      path: '/bench?list-type=2&prefix=AWSLogs/&start-after=AWSLogs/3',
      durationMs: listMs,
      connections: 1,
      sizeBytes: 0,
    });
  await list(listing);
  const put = { origin, method: 'PUT', connections: 8, sizeBytes } as const;
  const ceiling = await putting.stretch({ ...put, durationMs: 1000 });
  const idle = await list(listing);
  const perSecond = (ceiling.count / ceiling.elapsedMs) * 500;
  const [loaded] = await Promise.all([list(listing), putting.stretch({ ...put, durationMs: listMs, perSecond })]);
  const note = `p50 ${idle.p50Ms.toFixed(1)} ms idle, ${loaded.p50Ms.toFixed(1)} ms at ${Math.round(perSecond)} PUT/s`;
  return { ours: 1000 / loaded.p50Ms, baseline: 1000 / idle.p50Ms, note };
}

export const row: Row = {
  name: 's3-list',
  unit: 'pages/s by p50',
  baseline: 'a page of 1,000 of 50,000 keys at half the ceiling of PUTs: the same while nothing else comes',
  goal: { ratio: 1 / 3 },
  rounds: 3,
  run,
};
