// What the rig's own parts take on this machine, measured now, with no run around them: for `flowrig doctor`.

import { join } from 'node:path';

import { openClock } from '../core/clock.ts';
import { randomSource } from '../core/random.ts';
import { openScope } from '../core/scope.ts';
import { openThread } from '../core/thread.ts';
import { documentOf } from '../scenario/document.ts';
import { mergeScenario } from '../scenario/load.ts';
import { planScenario } from '../scenario/plan.ts';
import { openEmbeddedStore } from '../stores/embedded/index.ts';
import { measurePuts, measureSinkCeiling } from './calibrate.ts';
import { openCorpus } from './corpus.ts';
import { typicalRequest } from './sample-request.ts';
import type { SinkThreadCalls } from './sink-thread.ts';

/** Undefined where a part did not answer as it should. */
export interface MachineCeilings {
  /** Records whose body is a raw line, 5000 a gzipped request. */
  readonly sink: { readonly otlpRecordsPerS: number | undefined; readonly jsonRecordsPerS: number | undefined };
  /** PUTs of 1 MiB, with their client on the store's own thread. */
  readonly store: { readonly putBytesPerS: number | undefined };
}

const records = 5000;
const objectBytes = 1024 * 1024;

/** Takes some 2 s. What it writes stays below `folder`, which is the caller's to remove. */
export async function measureMachine(folder: string): Promise<MachineCeilings> {
  const document = documentOf({ version: 1, name: 'doctor', traffic: { records } }, 'doctor');
  const plan = planScenario(mergeScenario(document, undefined, {}, folder));
  const clock = openClock();
  await using scope = openScope();
  const data = { plan, clock: clock.origin, startedMs: clock.nowMs(), folder };
  const thread = scope.use(openThread<SinkThreadCalls>(import.meta.url, './sink-thread', { data }));
  const corpus = await openCorpus(plan.traffic, plan.seed);
  const otlp = await typicalRequest('otlp-protobuf', corpus, plan.sink.key);
  const json = await typicalRequest('logs-json', corpus, plan.sink.key);
  const otlpRecordsPerS = await measureSinkCeiling(thread, otlp, clock);
  const jsonRecordsPerS = await measureSinkCeiling(thread, json, clock);
  const store = scope.use(
    await openEmbeddedStore({
      clock,
      random: randomSource(plan.seed),
      folder: join(folder, 'store'),
      memoryBytes: 16 * objectBytes,
    }),
  );
  await store.createBucket(plan.store.bucket);
  const url = `${store.address.endpoint}/${plan.store.bucket}/ceiling`;
  const putBytesPerS = await measurePuts(url, Buffer.alloc(objectBytes, 'flow'), clock);
  return { sink: { otlpRecordsPerS, jsonRecordsPerS }, store: { putBytesPerS } };
}
