// Whose dead letters a fault excuses: of the objects that it touched, and of those that had to fail with them.

import { expect, test } from 'vitest';

import type { InvocationFact } from '../../src/core/model/invocation.ts';
import type { Verdict } from '../../src/core/model/result.ts';
import { corpusOf, flat, healthyFacts, invocation, judged, linesOf } from './fixtures.ts';

test('a fault at a request touches all objects of the event that it failed, unless the answer may name each', async () => {
  const two = corpusOf([{ lines: linesOf(4) }, { lines: linesOf(4, 4) }]);
  const verdictOf = async (more: Partial<InvocationFact>, receivedMs = 1500, kept = false): Promise<Verdict> => {
    const { verdict } = await judged({
      corpus: two,
      facts: [
        ...healthyFacts(two).filter(({ type }) => type !== 'invocation' && type !== 'ended'),
        invocation([0, 1], { status: 'failed', errorType: 'Error', startedMs: 1000, endedMs: 2000, ...more }),
        { type: 'dead-lettered', objects: [0, 1], atMs: 9000, condition: 'RetriesExhausted' },
        { type: 'ended', atMs: 9500, how: 'complete', skippedMs: 0 },
      ],
      deliveries: [{ records: linesOf(4).map(flat), kept, fault: 'sink.redirect', receivedMs }],
    });
    return verdict;
  };
  // In words, too: nothing of it arrived.
  expect(await verdictOf({})).toMatchObject({
    validity: 'pass',
    findings: [
      {
        id: 'dead-letters-forgiven',
        summary:
          '8 of 8 owed records ended in dead letters, which once-unless-provoked forgives where a fault touched the object: ' +
          '4 after sink.redirect refused their request with 429, 4 after every invocation of their object failed (Error)',
      },
    ],
  });
  expect((await verdictOf({ answersForEach: true })).validity).toBe('fail');
  expect((await verdictOf({}, 2500)).validity).toBe('fail');
  // The first object's records were kept behind an answer that the fault falsified: only the second one's are dead.
  expect(await verdictOf({}, 1500, true)).toMatchObject({
    validity: 'pass',
    findings: [{ id: 'dead-letters-forgiven', summary: expect.stringMatching(/^4 of 8 owed records/) as string }],
  });
  expect((await verdictOf({}, 2500, true)).validity).toBe('fail');
});
