// What every trigger that reaches a forwarder must do, whatever its way: each object is announced, what fails comes again, what keeps
// failing is kept as a dead letter, and nothing is lost on the way.

import { describe, expect, test } from 'vitest';

import { failed, openTriggerRig, succeeded, type TriggerRigOptions } from '../triggers/rig.ts';

const all = Array.from({ length: 25 }, (_, index) => index);
const ordered = (indexes: readonly number[]): number[] => indexes.toSorted((a, b) => a - b);

export function triggerContract(name: string, way: TriggerRigOptions): void {
  const options: TriggerRigOptions = { objectCount: all.length, functionTimeoutMs: 3000, ...way };

  describe(`the trigger contract on ${name}`, () => {
    test('every object is announced once, told as sent, and done when the target succeeds', async () => {
      await using rig = await openTriggerRig(() => succeeded, { ...options, concurrency: 3 });
      rig.notify(...all);
      await rig.finished();
      expect(rig.factsOf('notified').flatMap(({ objects }) => objects)).toEqual(all);
      expect(ordered(rig.factsOf('invocation').flatMap(({ objects }) => objects))).toEqual(all);
      expect([rig.trigger.pendingCount(), rig.trigger.waitingCount()]).toEqual([0, 0]);
      expect(rig.clock.skippedMs()).toBe(0);
    });

    test('no more run at once than the target takes', async () => {
      let [running, most] = [0, 0];
      const answer = async (): Promise<typeof succeeded> => {
        most = Math.max(most, ++running);
        await new Promise((next) => setImmediate(next));
        running--;
        return succeeded;
      };
      await using rig = await openTriggerRig(answer, { ...options, concurrency: 2 });
      rig.notify(...all);
      await rig.finished();
      expect(most).toBe(2);
    });

    test('what failed comes again later, and succeeds then', async () => {
      let calls = 0;
      await using rig = await openTriggerRig(() => (++calls === 1 ? failed : succeeded), options);
      rig.notify(0);
      await rig.settled();
      expect([rig.trigger.pendingCount(), rig.trigger.waitingCount()]).toEqual([1, 1]);
      await rig.finished();
      expect(rig.factsOf('invocation').map(({ status }) => status)).toEqual(['failed', 'succeeded']);
      expect(rig.clock.skippedMs()).toBeGreaterThan(10_000);
      expect(rig.queues.deadLetters.bodies).toEqual([]);
    });

    test('what keeps failing is given up on, and kept', async () => {
      await using rig = await openTriggerRig(() => failed, options);
      rig.notify(0);
      await rig.finished();
      expect(rig.factsOf('dead-lettered')).toMatchObject([{ objects: [0] }]);
      expect(rig.queues.deadLetters.bodies).toHaveLength(1);
      expect(rig.queues.deadLetters.bodies[0]).toContain('k0');
    });

    test('a duplicate reaches the target as another delivery', async () => {
      const eventFaults = [{ kind: 'event.duplicate', nth: 1 }];
      await using rig = await openTriggerRig(() => succeeded, { ...options, batchSize: 1, eventFaults });
      rig.notify(0, 1);
      await rig.finished();
      const deliveries = rig.factsOf('invocation').filter(({ objects }) => objects[0] === 0);
      expect(deliveries.map(({ eventDelivery }) => eventDelivery)).toEqual([1, 2]);
    });

    test('an interrupted run ends at once, and gives up on nothing', async () => {
      const closing = new AbortController();
      await using rig = await openTriggerRig(
        (_event, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(failed))),
        { ...options, signal: closing.signal },
      );
      rig.notify(...all);
      await expect.poll(() => rig.events.length, { interval: 1 }).toBe(1);
      closing.abort();
      await rig.trigger[Symbol.asyncDispose]();
      expect(rig.factsOf('dead-lettered')).toEqual([]);
    });
  });
}
