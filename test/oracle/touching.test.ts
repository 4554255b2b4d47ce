// Whose dead letters a fault excuses: of the objects that it touched, and of those that had to fail with them.

import { expect, test } from 'vitest';

import type { InvocationFact } from '../../src/core/model/invocation.ts';
import { corpusOf, flat, healthyFacts, invocation, judged, linesOf } from './fixtures.ts';

test('a fault at a request touches all objects of the event that it failed, unless the answer may name each', async () => {
  const two = corpusOf([{ lines: linesOf(4) }, { lines: linesOf(4, 4) }]);
  const validityOf = async (more: Partial<InvocationFact>, receivedMs = 1500) => {
    const { verdict } = await judged({
      corpus: two,
      facts: [
        ...healthyFacts(two).filter(({ type }) => type !== 'invocation' && type !== 'ended'),
        invocation([0, 1], { status: 'failed', errorType: 'Error', startedMs: 1000, endedMs: 2000, ...more }),
        { type: 'dead-lettered', objects: [0, 1], atMs: 9000, condition: 'RetriesExhausted' },
        { type: 'ended', atMs: 9500, how: 'complete', skippedMs: 0 },
      ],
      deliveries: [{ records: linesOf(4).map(flat), kept: false, fault: 'sink.redirect', receivedMs }],
    });
    return verdict.validity;
  };
  expect(await validityOf({})).toBe('pass');
  expect(await validityOf({ answersForEach: true })).toBe('fail');
  expect(await validityOf({}, 2500)).toBe('fail');
});
