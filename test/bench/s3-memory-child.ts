// Holds 100,000 small objects, in the embedded S3 or in a bare Map, and tells how many bytes it holds for them then, by how many its
// resident memory grew, and how many of these V8 keeps for garbage to come: its young generation grows with what survives it, up to
// 100 MB, and is not given back. With the word `grown` it has grown before, by as many objects of no store that came and went, as in any
// process that has worked for a while. Started with --expose-gc.

import { createHash } from 'node:crypto';

import { openBenchStore } from './s3-sides.ts';

const objectCount = 100_000;
const bodyBytes = 100;

interface Memory {
  /** In V8's heap and beside it, without garbage. */
  readonly heldBytes: number;
  readonly rssBytes: number;
  /** Of V8's heap, without an object in it. */
  readonly freeBytes: number;
}

function memoryNow(): Memory {
  const { gc } = globalThis as { gc?: () => void };
  gc!();
  // What lay outside of the heap is gone only then.
  gc!();
  const { heapUsed, heapTotal, external, rss } = process.memoryUsage();
  return { heldBytes: heapUsed + external, rssBytes: rss, freeBytes: heapTotal - heapUsed };
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

if (process.argv[3] === 'grown') {
  await fillMap();
  map.clear();
}
const before = memoryNow();
await (process.argv[2] === 'ours' ? fillStore() : fillMap());
const after = memoryNow();
const bodiesBytes = objectCount * bodyBytes;
const grown: Memory = {
  heldBytes: after.heldBytes - before.heldBytes - bodiesBytes,
  rssBytes: after.rssBytes - before.rssBytes - bodiesBytes,
  freeBytes: after.freeBytes - before.freeBytes,
};
process.stdout.write(JSON.stringify(grown));
process.exit(0);
