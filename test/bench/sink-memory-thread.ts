// The thread of the row sink-memory: a sink whose records go into a real ledger.

import { join } from 'node:path';

import { openClock } from '../../src/core/clock.ts';
import { randomSource } from '../../src/core/random.ts';
import { serveThread, threadData } from '../../src/core/thread.ts';
import { defaultFormat } from '../../src/flowlogs/fields.ts';
import { openLedger } from '../../src/oracle/index.ts';
import { openSink } from '../../src/sink/index.ts';
import { corpusStartMs } from './sink-bodies.ts';

const { folder } = threadData<{ folder: string }>();
const clock = openClock();
const ledger = openLedger({ fields: [defaultFormat], seed: 1, folder: join(folder, 'ledger') });
const sink = await openSink({
  clock,
  random: randomSource(1),
  startedMs: clock.nowMs(),
  edition: 'cloud',
  folder: join(folder, 'archive'),
  faults: [],
  logNowMs: () => corpusStartMs,
  onRecords: (sequence, show) => ledger.arriveAll(sequence, show),
});

const calls = {
  url: (): string => sink.url,
  /** Waits until all is booked. */
  booked: async (): Promise<number> => {
    await sink.idle();
    return ledger.arrivals;
  },
};

export type SinkMemoryCalls = typeof calls;

serveThread(calls);
