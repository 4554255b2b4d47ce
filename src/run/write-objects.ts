// Stores the objects of a corpus in their order, each when it is due, encoding a few ahead on the writer's thread.

import type { Clock } from '../core/clock.ts';
import type { Corpus, CorpusObject } from '../core/model/corpus.ts';
import type { Report, Store, StoredObject } from '../core/model/trigger.ts';
import type { Thread } from '../core/thread.ts';
import type { Plan } from '../scenario/plan.ts';
import { scheduleObjects } from './pace.ts';
import type { WriterCalls } from './writer-thread.ts';

/** How many bodies are encoded ahead of the one being stored. */
const bodiesAhead = 2;

export interface Writing {
  readonly clock: Clock;
  readonly startedMs: number;
  readonly corpus: Corpus;
  readonly writer: Thread<WriterCalls>;
  readonly store: Store;
  readonly reads: { expect(object: CorpusObject): void };
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Between two objects of a paced run nothing is written: the clock may jump. */
  readonly onPause: (isOn: boolean) => void;
  readonly onStored: (stored: StoredObject) => void;
}

/** One that the next object overwrites is announced when that is done, so that nobody can have read it. */
export async function writeObjects(plan: Plan, writing: Writing): Promise<void> {
  const { clock, startedMs, corpus, writer, store, reads, report, signal, onPause, onStored } = writing;
  const bodies = new Map<number, Promise<{ moved: Uint8Array }>>();
  const overwritten: StoredObject[] = [];
  const order = scheduleObjects(plan, corpus);
  const ahead = (place: number): void => {
    const index = order[place]?.object.index;
    if (index === undefined) return;
    const body = writer.call('body', index);
    // Awaited in its turn; until then a failure of the writer must not count as unhandled.
    body.catch(() => undefined);
    bodies.set(index, body);
  };
  for (let place = 0; place < bodiesAhead; place++) ahead(place);
  for (const [place, { object, dueMs: sinceStartMs }] of order.entries()) {
    signal.throwIfAborted();
    ahead(place + bodiesAhead);
    const { moved } = await bodies.get(object.index)!;
    bodies.delete(object.index);
    const dueMs = startedMs + sinceStartMs;
    if (dueMs > clock.nowMs()) {
      onPause(true);
      await clock.sleep(dueMs - clock.nowMs(), signal).finally(() => onPause(false));
    }
    reads.expect(object);
    const stored = await store.put(plan.store.bucket, object.key, moved);
    const storedMs = clock.nowMs();
    const { index, key, lineCount } = object;
    const due = plan.pace.kind === 'flat-out' ? {} : { dueMs };
    report({ type: 'stored', object: index, key, sizeBytes: moved.byteLength, lineCount, storedMs, ...due });
    for (const kind of object.faults ?? []) report({ type: 'fault', kind, atMs: storedMs, object: index });
    overwritten.push({ ...stored, index });
    if (object.condition === 'overwritten') continue;
    for (const each of overwritten.splice(0)) onStored(each);
  }
}
