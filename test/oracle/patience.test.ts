// Checks of manners: waiting as long as asked, giving up in time, and few connections.

import { expect, test } from 'vitest';

import { corpusOf, flat, healthyFacts, invocation, judged, linesOf, type Case } from './fixtures.ts';

const lines = linesOf(2);
const corpus = corpusOf([{ lines }]);
const records = lines.map(flat);

const findingsOf = async (given: Partial<Case>): Promise<object[]> => {
  const { verdict } = await judged({ corpus, deliveries: [{ records }], ...given });
  return verdict.findings.map(({ id, check, summary }) => ({ id, check, summary }));
};

test('a request that comes before the time that Retry-After named is a finding', async () => {
  const hasty = { toldMs: 1005, untilMs: 3005 };
  const found = await findingsOf({
    deliveries: [
      { records, kept: false },
      { records, hasty },
    ],
    expect: ['no-loss', 'retry-after-honoured'],
  });
  expect(found).toEqual([
    {
      id: 'retry-after-ignored',
      check: 'retry-after-honoured',
      summary: '1 request came again before the time that Retry-After named, the first 2.0 s too early (request 2)',
    },
  ]);
});

test("it is Lambda's own doing where a retry of it began in between", async () => {
  const hasty = { toldMs: 1005, untilMs: 9_999_000 };
  const retry = invocation([0], { attempt: 2, startedMs: 1010, requestId: 'again' });
  const found = await findingsOf({
    deliveries: [
      { records, kept: false },
      { records, hasty },
    ],
    facts: [invocation([0], { status: 'failed', endedMs: 1008 }), retry, ...healthyFacts(corpus).slice(-1)],
    expect: ['retry-after-honoured'],
  });
  expect(found).toEqual([]);
});

test('an invocation that runs into its limit is a finding where that is judged', async () => {
  const facts = [
    invocation([0], { status: 'timed-out', endedMs: 900 }),
    ...healthyFacts(corpus).filter((fact) => fact.type !== 'notified'),
  ];
  expect(await findingsOf({ facts, expect: ['no-timeouts'] })).toEqual([
    {
      id: 'invocation-timed-out',
      check: 'no-timeouts',
      summary: '1 of 2 invocations ran into the time limit',
    },
  ]);
  expect(await findingsOf({ facts, expect: ['no-loss'] })).toEqual([]);
});

test('too many connections at once are a finding, and one fewer are not', async () => {
  const deliveries = [{ records, connections: 4 }];
  expect(await findingsOf({ deliveries, expect: ['connections < 5'] })).toEqual([]);
  expect(await findingsOf({ deliveries, expect: ['connections < 4'] })).toEqual([
    {
      id: 'too-many-connections',
      check: 'connections < 4',
      summary: '4 connections to SigNoz were open at once, not fewer than 4',
    },
  ]);
});
