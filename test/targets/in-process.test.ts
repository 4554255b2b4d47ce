// A handler of the caller's own as a target.

import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import { openInProcessTarget } from '../../src/targets/in-process.ts';

const never = new AbortController().signal;

test('what the handler does is the outcome, and only the first call is cold', async () => {
  const handler = async (event: unknown): Promise<unknown> => {
    if (event === 'fail') throw new RangeError('too far');
    return event;
  };
  await using target = openInProcessTarget({ handler, concurrency: 2, clock: openClock() });
  const first = target.invoke({ requestId: 'a', payload: 1 }, never);
  expect(target.runningCount()).toBe(1);
  expect(await first).toMatchObject({ cold: true, outcome: { status: 'succeeded', payload: 1 } });
  expect(await target.invoke({ requestId: 'b', payload: 'fail' }, never)).toMatchObject({
    cold: false,
    outcome: { status: 'failed', errorType: 'RangeError', message: 'too far' },
  });
  expect(target.runningCount()).toBe(0);
});

test('an abort ends the wait for a handler that never answers', async () => {
  const target = openInProcessTarget({ handler: () => new Promise(() => {}), concurrency: 1, clock: openClock() });
  const closing = new AbortController();
  const invocation = target.invoke({ requestId: 'a', payload: 1 }, closing.signal);
  closing.abort();
  expect((await invocation).outcome).toEqual({
    status: 'failed',
    errorType: 'Interrupted',
    message: 'The run was interrupted.',
  });
});
