// The client of the sink's rows, on a thread of its own so that its work does not count as the server's.

import { parentPort } from 'node:worker_threads';

import { Pool } from 'undici';

/** One stretch of requests to one server: the same one again and again over each connection. */
export interface PostStretch {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly durationMs: number;
  readonly connections: number;
}

export interface PostStretchResult {
  readonly count: number;
  readonly elapsedMs: number;
  /** What the client's thread took. */
  readonly cpuMs: number;
}

async function send(stretch: PostStretch): Promise<PostStretchResult> {
  const { origin, path, headers, body, durationMs, connections } = stretch;
  const pool = new Pool(origin, { connections });
  const startedMs = performance.now();
  const before = process.threadCpuUsage();
  let count = 0;
  async function connection(): Promise<void> {
    while (performance.now() - startedMs < durationMs) {
      const answer = await pool.request({ method: 'POST', path, headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`POST to ${origin}${path} was answered ${answer.statusCode}`);
      count++;
    }
  }
  await Promise.all(Array.from({ length: connections }, connection));
  const elapsedMs = performance.now() - startedMs;
  const { user, system } = process.threadCpuUsage(before);
  await pool.close();
  return { count, elapsedMs, cpuMs: (user + system) / 1000 };
}

parentPort?.on('message', (stretch: PostStretch) => {
  void send(stretch).then((result) => parentPort?.postMessage(result));
});
