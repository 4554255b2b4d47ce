// One seed gives the same faults to the same requests, whatever the concurrency and the order of arrival.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { batch, identify, otlpJson } from './fault-rig.ts';
import { openSinkRig, post } from './rig.ts';

/** All faults but those that count time or connections by nature; each strikes a share, so that they meet. */
const faults = [
  { kind: 'sink.idle-close', afterMs: 3_600_000, share: 0.2 },
  { kind: 'sink.delay', durationMs: 1, share: 0.2 },
  { kind: 'sink.slow-write', perSecondBytes: 1e9, share: 0.1 },
  { kind: 'sink.stall', durationMs: 1, share: 0.1 },
  { kind: 'sink.slow-read', perSecondBytes: 1e9, share: 0.2 },
  { kind: 'sink.reset', at: 'mid', share: 0.1 },
  { kind: 'sink.reset', at: 'before', share: 0.1 },
  { kind: 'sink.reset', at: 'after-commit', share: 0.1 },
  { kind: 'sink.status', code: 429, share: 0.2 },
  { kind: 'sink.commit-then', share: 0.2 },
  { kind: 'sink.poison', share: 0.05 },
  { kind: 'sink.partial-success', rejected: 1, share: 0.3 },
  { kind: 'sink.redirect', code: 308, share: 0.1 },
  { kind: 'sink.html', share: 0.1 },
  { kind: 'sink.max-body', limitBytes: 90, share: 0.5 },
  { kind: 'sink.blackhole', share: 0.2 },
];

const names = Array.from({ length: 40 }, (_, i) => `record ${i}`);

/** Sends each request three times over, `width` at once, and tells how each ended, and what was kept, by name and sighting. */
async function fate(order: readonly string[], width: number): Promise<object> {
  await using rig = await openSinkRig({ faults, identify });
  const ends = new Map<string, string[]>(names.map((name) => [name, []]));
  const waiting = [...order];
  const sender = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      for (let sighting = 1; sighting <= 3; sighting++) ends.get(name)!.push(await send(name));
    }
  };
  const send = async (name: string): Promise<string> => {
    const isOtlp = Number(name.slice(7)) % 2 === 0;
    const [url, body] = isOtlp ? [rig.sink.otlpUrl, otlpJson(name, `${name} b`)] : [rig.sink.jsonUrl, batch(name, 'x')];
    try {
      const answer = await post(url, body, isOtlp ? { 'content-type': 'application/json' } : {});
      return `${answer.status} ${answer.body.toString()}`;
    } catch {
      return 'reset';
    }
  };
  await Promise.all(Array.from({ length: width }, sender));
  await rig.sink.idle();
  const kept = rig.deliveries.map(({ kept: isKept, acknowledgement, fault }) =>
    [isKept, acknowledgement, fault].join(),
  );
  return { ends: Object.fromEntries(ends), kept: kept.toSorted(), fired: rig.sink.faultsFired() };
}

test('every kind of fault strikes the same requests in any order and at any concurrency', async () => {
  const usual = await fate(names, 1);
  expect(Object.values((usual as { fired: object }).fired).every((count) => count > 0)).toBe(true);
  const anyOrder = fc.shuffledSubarray(names, { minLength: names.length });
  await fc.assert(
    fc.asyncProperty(anyOrder, fc.integer({ min: 1, max: 12 }), async (order, width) => {
      expect(await fate(order, width)).toEqual(usual);
    }),
    { numRuns: 5, seed: 5 },
  );
});
