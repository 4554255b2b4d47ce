// The client of the rows about S3, on a thread of its own so that its work does not count as the server's.

import { parentPort } from 'node:worker_threads';

import { openBareClient } from './bare-client.ts';

/** One stretch of requests to one server. */
export interface S3Stretch {
  readonly origin: string;
  readonly method: 'PUT' | 'GET';
  /** Without it the objects `/bench/0` to `/bench/31`, one after the other. */
  readonly path?: string;
  readonly durationMs: number;
  readonly connections: number;
  /** Of a body. */
  readonly sizeBytes: number;
  /** Requests are begun at this rate; without it each connection asks as soon as it has its answer. */
  readonly perSecond?: number;
}

export interface S3StretchResult {
  readonly count: number;
  readonly elapsedMs: number;
  /** Median from a request to the end of its answer. */
  readonly p50Ms: number;
  /** What the client's thread took. */
  readonly cpuMs: number;
}

/** Keys are used again, so that memory stays bounded. */
export const keyCount = 32;

async function ask(stretch: S3Stretch): Promise<S3StretchResult> {
  const { origin, method, path, durationMs, connections, sizeBytes, perSecond } = stretch;
  const body = Buffer.from(Uint8Array.from({ length: sizeBytes }, (_, i) => Math.imul(i, 0x9e3779b9) >>> 24));
  const client = openBareClient(origin, connections);
  const latencies: number[] = [];
  const before = process.threadCpuUsage();
  const startedMs = performance.now();
  const isOver = (): boolean => performance.now() - startedMs >= durationMs;
  let begun = 0;
  async function one(): Promise<void> {
    const beganMs = performance.now();
    const target = path ?? `/bench/${begun++ % keyCount}`;
    const answer = await client.exchange(method === 'PUT' ? { method, target, body } : { method, target });
    const isWhole = path !== undefined || method === 'PUT' || answer.sizeBytes === sizeBytes;
    if (answer.statusCode !== 200 || !isWhole) {
      throw new Error(`${method} ${target} at ${origin} was answered ${answer.statusCode}, ${answer.sizeBytes} bytes`);
    }
    latencies.push(performance.now() - beganMs);
  }
  async function connection(): Promise<void> {
    while (!isOver()) await one();
  }
  async function paced(rate: number): Promise<void> {
    const asked: Promise<void>[] = [];
    while (!isOver()) {
      const due = ((performance.now() - startedMs) / 1000) * rate;
      while (asked.length < due) asked.push(one());
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(asked);
  }
  await (perSecond === undefined ? Promise.all(Array.from({ length: connections }, connection)) : paced(perSecond));
  const elapsedMs = performance.now() - startedMs;
  const { user, system } = process.threadCpuUsage(before);
  client.close();
  const sorted = latencies.toSorted((a, b) => a - b);
  const p50Ms = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return { count: latencies.length, elapsedMs, p50Ms, cpuMs: (user + system) / 1000 };
}

parentPort?.on('message', (stretch: S3Stretch) => {
  void ask(stretch).then((result) => parentPort?.postMessage(result));
});
