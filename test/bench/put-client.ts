// The client of the row s3-put, on a thread of its own so that its work does not count as the server's.

import { parentPort } from 'node:worker_threads';

import { Pool } from 'undici';

/** One stretch of uploads to one server. */
export interface PutStretch {
  readonly origin: string;
  readonly durationMs: number;
  readonly connections: number;
  readonly sizeBytes: number;
}

export interface PutStretchResult {
  readonly count: number;
  readonly elapsedMs: number;
}

/** Keys are used again, so that memory stays bounded. */
const keyCount = 32;

async function upload({ origin, durationMs, connections, sizeBytes }: PutStretch): Promise<PutStretchResult> {
  const body = Buffer.from(Uint8Array.from({ length: sizeBytes }, (_, i) => Math.imul(i, 0x9e3779b9) >>> 24));
  const pool = new Pool(origin, { connections });
  const startedMs = performance.now();
  let count = 0;
  async function connection(): Promise<void> {
    while (performance.now() - startedMs < durationMs) {
      const answer = await pool.request({ method: 'PUT', path: `/bench/${count++ % keyCount}`, body });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`PUT to ${origin} was answered ${answer.statusCode}`);
    }
  }
  await Promise.all(Array.from({ length: connections }, connection));
  const elapsedMs = performance.now() - startedMs;
  await pool.close();
  return { count, elapsedMs };
}

parentPort?.on('message', (stretch: PutStretch) => {
  void upload(stretch).then((result) => parentPort?.postMessage(result));
});
