// The thread that encodes and compresses: zlib is the slowest step of writing and must not share a thread with timers.

import { serveThread, threadData, type Moved } from '../core/thread.ts';
import type { TrafficConfig } from '../scenario/plan.ts';
import { openCorpus } from './corpus.ts';

export interface WriterData {
  readonly traffic: TrafficConfig;
  readonly seed: number;
}

const { traffic, seed } = threadData<WriterData>();
const corpus = openCorpus(traffic, seed);

const calls = {
  /** The bytes to store of one object. */
  body: async (index: number): Promise<Moved> => {
    const opened = await corpus;
    const bytes = await opened.body(opened.objects[index]!);
    // A view on a larger buffer would move its whole memory, and another object's bytes with it.
    const isWhole = bytes.byteLength === bytes.buffer.byteLength && !(bytes.buffer instanceof SharedArrayBuffer);
    return { moved: isWhole ? bytes : new Uint8Array(bytes) };
  },
  fingerprint: async (): Promise<string> => (await corpus).fingerprint(),
};

export type WriterCalls = typeof calls;

serveThread(calls);
