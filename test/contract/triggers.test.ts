// The trigger contract on each way by which an event reaches a function.

import { expect, test } from 'vitest';

import { triggers } from '../../src/triggers/index.ts';
import { succeeded, openTriggerRig } from '../triggers/rig.ts';
import { triggerContract } from './trigger-suite.ts';

for (const { kind, way, sender } of triggers) {
  // What a store sends needs one: test/localstack.
  if (way !== 'none' && sender === undefined) triggerContract(kind, { kind });
}
triggerContract('sns-sqs with raw delivery', { kind: 'sns-sqs', raw: true });

test('with the trigger none nothing is told to anybody, and nothing is waited for', async () => {
  await using rig = await openTriggerRig(() => succeeded, { kind: 'none', drive: 'polling' });
  rig.notify(0, 1);
  expect([rig.trigger.pendingCount(), rig.events]).toEqual([0, []]);
});
