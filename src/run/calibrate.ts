// Calibration: how many records a second the sink itself takes on this machine, and the embedded S3 how many bytes. autocannon makes
// the load; its latencies are not used, because its correction of them is wrong.

import type { Clock } from '../core/clock.ts';
import type { Thread } from '../core/thread.ts';
import type { SampleRequest } from './sample-request.ts';
import type { SinkThreadCalls } from './sink-thread.ts';

/** Long enough for the sink's thread to compile what is hot; then as long as a busy neighbour's slices even out. */
const warmUpMs = 150;
const windowMs = 250;
/** A machine so busy that nothing is done within the window is given more time, but not more than this. */
const limitMs = 10_000;
const stepMs = 50;
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
    return await rateOf(load, clock, async () => {
      const { records, atMs } = await sink.call('probed');
      return { done: records, atMs };
    });
  } finally {
    await sink.call('closeProbe');
  }
}

/** Bytes a second that a store takes in PUTs of that body. */
export async function measurePuts(url: string, body: Buffer, clock: Clock): Promise<number | undefined> {
  const load = await startLoad({ url, method: 'PUT', headers: {}, body });
  const putsPerS = await rateOf(load, clock, () =>
    Promise.resolve({ done: load.accepted(), atMs: clock.machineNowMs() }),
  );
  return putsPerS === undefined ? undefined : putsPerS * body.length;
}

interface Progress {
  readonly done: number;
  readonly atMs: number;
}

/** What is done in a second under the load, which is stopped then. Undefined where a request was refused or nothing was done. */
async function rateOf(load: Load, clock: Clock, look: () => Promise<Progress>): Promise<number | undefined> {
  const growFor = async (from: Progress, leastMs: number): Promise<Progress> => {
    for (let waitMs = leastMs; ; waitMs = stepMs) {
      await clock.machineSleep(waitMs);
      const seen = await look();
      if (seen.done > from.done || load.refused() > 0 || seen.atMs - from.atMs > limitMs) return seen;
    }
  };
  try {
    const warm = await growFor(await look(), warmUpMs);
    const last = await growFor(warm, windowMs);
    if (load.refused() > 0 || last.done === warm.done) return undefined;
    return ((last.done - warm.done) / (last.atMs - warm.atMs)) * 1000;
  } finally {
    await load.stop();
  }
}

interface Load {
  /** Answers with 2xx so far. */
  accepted(): number;
  /** Other answers and lost connections so far. */
  refused(): number;
  stop(): Promise<void>;
}

/** autocannon is loaded when it is needed: it takes a quarter of a second. */
async function startLoad(options: {
  url: string;
  method: 'POST' | 'PUT';
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}): Promise<Load> {
  const { default: autocannon } = await import('autocannon');
  const ended = Promise.withResolvers<void>();
  let accepted = 0;
  let refused = 0;
  // It looks every `sampleInt` ms whether it was told to stop.
  const load = autocannon({ ...options, connections, duration: 60, sampleInt: 20 }, (error) => {
    if (error) ended.reject(error as Error);
    else ended.resolve();
  });
  load.on('response', (_client, statusCode) => void (statusCode >= 200 && statusCode < 300 ? accepted++ : refused++));
  load.on('reqError', () => refused++);
  return {
    accepted: () => accepted,
    refused: () => refused,
    stop() {
      load.stop();
      return ended.promise;
    },
  };
}
