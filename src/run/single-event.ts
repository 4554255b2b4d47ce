// A trigger that invokes the target once, with one event, when the first object is stored: what `aws lambda invoke` does, without retries.

import type { InvocationResult, StoredObject, Trigger } from '../core/model/trigger.ts';
import { randomSource } from '../core/random.ts';
import { newSequencer } from '../triggers/envelopes/s3-message.ts';
import { endOf } from '../triggers/failure-details.ts';
import { uuidSource } from '../triggers/ids.ts';
import { s3Event } from '../triggers/s3-event.ts';
import type { TriggerNeeds } from './trigger.ts';

export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

export interface SingleEvent {
  /** Default: what S3 says of the object. */
  readonly payload?: unknown;
  /** Where the payload says that objects are: the corpus's first one is stored there too. */
  readonly places: readonly ObjectPlace[];
  readonly onEnd: (result: InvocationResult) => void;
}

export function openSingleEvent(needs: TriggerNeeds, event: SingleEvent, signal: AbortSignal): Trigger {
  let isBegun = false;
  let running: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;
  const invoke = async (stored: StoredObject): Promise<void> => {
    await storeAt(needs, event.places);
    const payload = event.payload === undefined ? s3EventOf(stored, needs) : event.payload;
    const objects = event.payload === undefined || event.places.length > 0 ? [stored.index] : [];
    const requestId = uuidSource(randomSource(0))();
    if (objects.length > 0) {
      needs.report({ type: 'notified', objects, sentMs: needs.clock.nowMs(), eventDelivery: 1 });
    }
    const result = await needs.target.invoke({ requestId, payload }, signal);
    needs.report({
      type: 'invocation',
      requestId,
      objects,
      attempt: 1,
      eventDelivery: 1,
      ...endOf(result),
    });
    event.onEnd(result);
  };
  return {
    notify(stored) {
      if (isBegun) return;
      isBegun = true;
      running = invoke(stored)
        .catch((error: unknown) => void (failure = { error }))
        .finally(() => (running = undefined));
    },
    // This one event and no other.
    tell: () => undefined,
    pendingCount: () => (running ? 1 : 0),
    waitingCount: () => 0,
    movement: () => 0,
    async [Symbol.asyncDispose]() {
      await running;
      // Of the store: what the target does is a result.
      if (failure) throw failure.error;
    },
  };
}

async function storeAt({ store, corpus }: TriggerNeeds, places: readonly ObjectPlace[]): Promise<void> {
  const [first] = corpus.objects;
  if (!first) return;
  for (const bucket of new Set(places.map((place) => place.bucket))) await store.createBucket(bucket);
  for (const { bucket, key } of places) await store.put(bucket, key, await corpus.body(first));
}

function s3EventOf(stored: StoredObject, { store, clock }: TriggerNeeds): unknown {
  const sequencer = newSequencer()(stored.storedMs);
  const record = { stored, eventName: 'ObjectCreated:Put', eventVersion: '2.1', sequencer };
  const context = { region: store.address.region, newId: uuidSource(randomSource(0)), atMs: clock.nowMs() };
  return s3Event.wrap({ type: 'records', records: [record] }, context, { kind: s3Event.kind });
}
