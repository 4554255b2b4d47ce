// Whether a client waited as long as the sink asked: seconds and dates, on the rig's clock.

import { expect, test } from 'vitest';

import { batch, identify } from './fault-rig.ts';
import { openSinkRig, post } from './rig.ts';

test.each(['seconds', 'date'])('a request that comes again before its Retry-After in %s is marked', async (as) => {
  const fault = { kind: 'sink.status', code: 429, retryAfterMs: 3_600_000, retryAfterAs: as, nth: 1 };
  await using rig = await openSinkRig({ faults: [fault], identify });
  const { headers } = await post(rig.sink.jsonUrl, batch('a'));
  await post(rig.sink.jsonUrl, batch('b'));
  await post(rig.sink.jsonUrl, batch('a'));
  rig.clock.skipTo(rig.clock.nowMs() + 3_602_000);
  await post(rig.sink.jsonUrl, batch('b'));
  await rig.sink.idle();
  expect(headers['retry-after']).toMatch(as === 'date' ? /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} .* GMT$/ : /^3600$/);
  const [told, , again, patient] = rig.deliveries;
  expect([told!.hasty, patient!.hasty]).toEqual([undefined, undefined]);
  const { toldMs, untilMs } = again!.hasty!;
  expect(toldMs).toBeGreaterThanOrEqual(told!.receivedMs);
  expect(Math.abs(untilMs - toldMs - 3_600_000)).toBeLessThanOrEqual(1000);
});

test.each(['0', '-1', 'soon', ''])('a Retry-After of "%s" asks for nothing', async (value) => {
  const fault = { kind: 'sink.status', code: 503, headers: { 'retry-after': value }, nth: 1 };
  await using rig = await openSinkRig({ faults: [fault], identify });
  await post(rig.sink.jsonUrl, batch('a'));
  await post(rig.sink.jsonUrl, batch('a'));
  await rig.sink.idle();
  expect(rig.deliveries.map(({ statusCode, hasty }) => [statusCode, hasty])).toEqual([
    [503, undefined],
    [200, undefined],
  ]);
});
