// One seed, many runs, a target that is fast and slow by turns: the same events and attempts are struck.

import { expect, test } from 'vitest';

import { failed, openTriggerRig, succeeded } from './rig.ts';

/** What was struck, by kind, whatever the order in which it came about. */
async function faultsOf(kind: string, noise: () => number): Promise<string[]> {
  await using rig = await openTriggerRig(
    async ({ fault }) => {
      for (let turns = Math.floor(noise() * 5); turns > 0; turns--) await new Promise((next) => setImmediate(next));
      return fault?.killAfterMs === undefined ? succeeded : failed;
    },
    {
      kind,
      concurrency: 4,
      objectCount: 40,
      eventFaults: [
        { kind: 'event.shuffle', window: 10 },
        { kind: 'event.duplicate', share: 0.1, copies: 2 },
        { kind: 'event.duplicate', share: 0.1, afterMs: 60_000 },
      ],
      invocationFaults: [
        { kind: 'lambda.kill', selection: { share: 0.2 }, effect: { killAfterMs: 10 } },
        { kind: 'lambda.throttle', selection: { share: 0.1 }, effect: { throttles: true } },
      ],
      batchSize: 1,
    },
  );
  rig.notify(...Array.from({ length: 40 }, (_, index) => index));
  await rig.finished();
  return rig.factsOf('fault').map(({ kind: fault, objects }) => `${fault} ${objects!.join()}`);
}

test.each(['s3-event', 'sqs'])('50 runs of one seed by %s strike the same', async (kind) => {
  const seen = new Set<string>();
  for (let round = 0; round < 50; round++) {
    seen.add((await faultsOf(kind, Math.random)).toSorted((a, b) => a.localeCompare(b)).join('; '));
  }
  expect(seen.size).toBe(1);
  const [struck] = [...seen];
  expect(struck!.match(/lambda\.kill/g)).toHaveLength(8);
  expect(struck!.match(/lambda\.throttle/g)).toHaveLength(4);
  expect(struck!.match(/event\.duplicate/g)).toHaveLength(8);
});
