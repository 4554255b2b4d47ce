// Facts and deliveries of a run that never was, to draw.

import type { Delivery } from '../../src/core/model/delivery.ts';
import type { InvocationFact, RunFact } from '../../src/core/model/invocation.ts';
import type { SeriesSource } from '../../src/measure/series.ts';

export const start = 1_795_700_115_000;

export function sourceOf(facts: readonly RunFact[], deliveries: readonly Delivery[] = []): SeriesSource {
  return {
    async facts(see) {
      for (const fact of facts) see(fact);
    },
    async deliveries(see) {
      for (const delivery of deliveries) see(delivery);
    },
  };
}

export const stored = (object: number, atMs: number, lineCount = 100): RunFact => ({
  type: 'stored',
  object,
  key: `key-${object}`,
  sizeBytes: 1000,
  lineCount,
  storedMs: start + atMs,
});

export const invoked = (
  object: number,
  [startedMs, endedMs]: readonly [number, number],
  over: Partial<InvocationFact> = {},
): InvocationFact => ({
  type: 'invocation',
  requestId: `00000000-0000-4000-8000-${String(object).padStart(12, '0')}`,
  objects: [object],
  attempt: 1,
  eventDelivery: 1,
  startedMs: start + startedMs,
  endedMs: start + endedMs,
  status: 'succeeded',
  cold: false,
  ...over,
});

export const delivered = (sequence: number, atMs: number, over: Partial<Delivery> = {}): Delivery => ({
  sequence,
  receivedMs: start + atMs,
  endedMs: start + atMs + 2,
  acknowledgement: 'acknowledged',
  kept: true,
  statusCode: 200,
  method: 'POST',
  path: '/logs/json',
  headers: {},
  sizeBytes: 1000,
  recordCount: 100,
  ...over,
});
