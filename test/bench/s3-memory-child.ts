// Holds 100,000 small objects, in the embedded S3 or in a bare Map, in a process such as flowrig's, and tells by how many bytes its
// resident memory grew beside their bodies, and how many of these are held in the heap and beside it. Started with --expose-gc.

import { createHash } from 'node:crypto';

import { keepYoungGenerationSmall } from '../../src/core/heap.ts';
import { openBenchStore } from './s3-sides.ts';

const objectCount = 100_000;
const bodyBytes = 100;

interface Memory {
  /** In V8's heap and beside it, without garbage. */
  readonly heldBytes: number;
  readonly rssBytes: number;
}

function memoryNow(): Memory {
  (globalThis as { gc?: () => void }).gc!();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heldBytes: heapUsed + external, rssBytes: rss };
}

const keyOf = (i: number): string =>
  `AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/01/01/123456789012_vpcflowlogs_us-east-1_fl-0123456789abcdef0_20260101T0000Z_${i}.log.gz`;

async function fillStore(): Promise<void> {
  const store = await openBenchStore();
  for (let i = 0; i < objectCount; i++) await store.put('bench', keyOf(i), Buffer.alloc(bodyBytes, `${i}`));
}

const map = new Map<string, { body: Buffer; etag: string }>();

async function fillMap(): Promise<void> {
  for (let i = 0; i < objectCount; i++) {
    const body = Buffer.alloc(bodyBytes, `${i}`);
    map.set(keyOf(i), { body, etag: createHash('md5').update(body).digest('hex') });
  }
  await Promise.resolve();
}

keepYoungGenerationSmall();
const before = memoryNow();
await (process.argv[2] === 'ours' ? fillStore() : fillMap());
const after = memoryNow();
const bodiesBytes = objectCount * bodyBytes;
const grown: Memory = {
  heldBytes: after.heldBytes - before.heldBytes - bodiesBytes,
  rssBytes: after.rssBytes - before.rssBytes - bodiesBytes,
};
process.stdout.write(JSON.stringify(grown));
process.exit(0);
