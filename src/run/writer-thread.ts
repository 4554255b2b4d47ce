// The thread that encodes and compresses: zlib is the slowest step of writing and must not share a thread with timers. It has each line
// at hand, and so books it for the verdict.

import { serveThread, threadData, type Moved } from '../core/thread.ts';
import { openCorpusBook } from '../oracle/ledger/corpus-book.ts';
import type { Promises } from '../oracle/promises.ts';
import type { TrafficConfig } from '../scenario/plan.ts';
import { formatsOf, openCorpus } from './corpus.ts';

export interface WriterData {
  readonly traffic: TrafficConfig;
  readonly seed: number;
  /** Where lines are booked, by the promises that they will be judged by. */
  readonly book?: { readonly promises: Promises; readonly folder: string };
}

const { traffic, seed, book } = threadData<WriterData>();
const opened = openCorpus(traffic, seed).then((corpus) => ({
  corpus,
  ...(book ? { book: openCorpusBook({ ...book, seed, fields: formatsOf(corpus) }) } : {}),
}));

const calls = {
  /** The bytes to store of one object. */
  body: async (index: number): Promise<Moved> => {
    const { corpus, book: lines } = await opened;
    const object = corpus.objects[index]!;
    const bytes = await corpus.body(object, (text) => lines?.add(object, text));
    // A view on a larger buffer would move its whole memory, and another object's bytes with it.
    const isWhole = bytes.byteLength === bytes.buffer.byteLength && !(bytes.buffer instanceof SharedArrayBuffer);
    return { moved: isWhole ? bytes : new Uint8Array(bytes) };
  },
  fingerprint: async (): Promise<string> => (await opened).corpus.fingerprint(),
};

export type WriterCalls = typeof calls;

serveThread(calls);
