// Calibration: how many records a second the sink itself takes on this machine, and the embedded S3 how many bytes. autocannon makes
// the load; its latencies are not used, because its correction of them is wrong.

import type { Clock } from '../core/clock.ts';
import type { Thread } from '../core/thread.ts';
import type { SampleRequest } from './sample-request.ts';
import type { SinkThreadCalls } from './sink-thread.ts';

/** Long enough for the sink's thread to compile what is hot; then as long as a busy neighbour's slices even out. */
const warmUpMs = 150;
const windowMs = 250;
const connections = 8;

/**
 * Sends the request again and again to a second sink on the sink's thread. Undefined where the sink refuses it: then it says
 * nothing. Takes some 0.4 s; must not run beside anything that is measured.
 */
export async function measureSinkCeiling(
  sink: Thread<SinkThreadCalls>,
  request: SampleRequest,
  clock: Clock,
): Promise<number | undefined> {
  const urls = await sink.call('openProbe');
  try {
    const url = request.isOtlp ? urls.otlpUrl : new URL(request.path, urls.url).href;
    const load = await startLoad({ url, method: 'POST', headers: request.headers, body: request.body });
    await clock.machineSleep(warmUpMs);
    const before = await sink.call('probed');
    await clock.machineSleep(windowMs);
    const after = await sink.call('probed');
    const { refused } = await load.stop();
    const records = after.records - before.records;
    return refused > 0 || records === 0 ? undefined : (records / (after.atMs - before.atMs)) * 1000;
  } finally {
    await sink.call('closeProbe');
  }
}

/** Bytes a second that a store takes in PUTs of that body. */
export async function measurePuts(url: string, body: Buffer, clock: Clock): Promise<number | undefined> {
  const load = await startLoad({ url, method: 'PUT', headers: {}, body });
  await clock.machineSleep(warmUpMs);
  const before = { count: load.answered(), atMs: clock.machineNowMs() };
  await clock.machineSleep(windowMs);
  const bytes = (load.answered() - before.count) * body.length;
  const elapsedMs = clock.machineNowMs() - before.atMs;
  const { refused } = await load.stop();
  return refused > 0 || bytes === 0 ? undefined : (bytes / elapsedMs) * 1000;
}

interface Load {
  /** Answers so far. */
  answered(): number;
  /** Resolves with how many requests were not answered with 2xx. */
  stop(): Promise<{ refused: number }>;
}

/** autocannon is loaded when it is needed: it takes a quarter of a second. */
async function startLoad(options: {
  url: string;
  method: 'POST' | 'PUT';
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}): Promise<Load> {
  const { default: autocannon } = await import('autocannon');
  const ended = Promise.withResolvers<{ refused: number }>();
  let answered = 0;
  // It looks every `sampleInt` ms whether it was told to stop.
  const load = autocannon({ ...options, connections, duration: 60, sampleInt: 20 }, (error, { non2xx, errors }) => {
    if (error) ended.reject(error as Error);
    else ended.resolve({ refused: non2xx + errors });
  });
  load.on('response', () => answered++);
  return {
    answered: () => answered,
    stop() {
      load.stop();
      return ended.promise;
    },
  };
}
