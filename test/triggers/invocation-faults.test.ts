// Faults of invocations: which attempts they strike, and what the trigger does of them itself.

import { expect, test } from 'vitest';

import type { PlannedInvocationFault } from '../../src/triggers/invocation-faults.ts';
import { failed, openTriggerRig, succeeded, type TriggerRig } from './rig.ts';

const kill = (selection: PlannedInvocationFault['selection']): PlannedInvocationFault => ({
  kind: 'lambda.kill',
  selection,
  effect: { killAfterMs: 500 },
});

const struckObjects = (rig: TriggerRig): (readonly number[] | undefined)[] =>
  rig.factsOf('fault').map(({ objects }) => objects);

/** Index of the object and whether the target was told of the fault, for each event in turn. */
const toldOf = (rig: TriggerRig): (number | undefined)[] => rig.events.map(({ fault }) => fault?.killAfterMs);

test.each(['s3-event', 'sqs'])('a share strikes the first attempt of exactly so many events of %s', async (kind) => {
  let seen: unknown;
  for (const concurrency of [1, 4]) {
    await using rig = await openTriggerRig(({ fault }) => (fault ? failed : succeeded), {
      kind,
      concurrency,
      batchSize: 1,
      objectCount: 20,
      invocationFaults: [kill({ share: 0.2 })],
    });
    rig.notify(...Array.from({ length: 20 }, (_, index) => index));
    await rig.finished();
    const struck = struckObjects(rig).toSorted((a, b) => a![0]! - b![0]!);
    expect(struck).toHaveLength(4);
    expect(toldOf(rig).filter((afterMs) => afterMs === 500)).toHaveLength(4);
    expect(struck).toEqual((seen ??= struck));
    expect(rig.factsOf('invocation').filter(({ status }) => status === 'failed')).toHaveLength(4);
  }
});

test('a share of nothing much still strikes one', async () => {
  await using rig = await openTriggerRig(() => succeeded, { invocationFaults: [kill({ share: 0.001 })] });
  rig.notify(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  await rig.finished();
  expect(struckObjects(rig)).toHaveLength(1);
});

test('nth is the attempt', async () => {
  await using rig = await openTriggerRig(() => failed, { invocationFaults: [kill({ nth: 2 })] });
  rig.notify(0);
  await rig.finished();
  expect(toldOf(rig)).toEqual([undefined, 500, undefined]);
});

test('without either every attempt is struck, while the fault is armed', async () => {
  await using rig = await openTriggerRig(() => failed, { invocationFaults: [kill({ fromMs: 30_000, forMs: 60_000 })] });
  rig.notify(0);
  await rig.finished();
  expect(toldOf(rig)).toEqual([undefined, 500, undefined]);
});

test.each(['s3-event', 'sqs'])(
  'a freeze lets nothing run before an event of %s, and lets the clock jump',
  async (kind) => {
    const pause: PlannedInvocationFault = {
      kind: 'lambda.freeze',
      selection: { share: 0.1 },
      effect: { pauseMs: 600_000 },
    };
    await using rig = await openTriggerRig(() => succeeded, {
      kind,
      concurrency: 4,
      batchSize: 1,
      objectCount: 10,
      invocationFaults: [pause],
    });
    rig.notify(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    await rig.finished();
    const [struck] = rig.factsOf('fault');
    expect(rig.factsOf('fault')).toHaveLength(1);
    const after = rig.factsOf('invocation').filter(({ startedMs }) => startedMs >= struck!.atMs);
    expect(after[0]!.objects).toEqual(struck!.objects);
    const before = rig.factsOf('invocation').filter(({ startedMs }) => startedMs < struck!.atMs);
    for (const { endedMs } of before) expect(struck!.atMs - endedMs).toBeGreaterThanOrEqual(600_000);
    expect(before.length + after.length).toBe(10);
  },
);
