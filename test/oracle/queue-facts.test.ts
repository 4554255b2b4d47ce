// What the facts of queues, pollers and Lambda's refusals mean: which copies they excuse, and who says that an object is done.

import { expect, test } from 'vitest';

import type { RunFact } from '../../src/core/model/invocation.ts';
import { corpusOf, flat, healthyFacts, invocation, judged, linesOf, type Case } from './fixtures.ts';

const first = linesOf(5);
const second = linesOf(5, 5);
const corpus = corpusOf([{ lines: first }, { lines: second }]);
const all = { records: [...first, ...second].map(flat) };
const copyOf = (line: string): Case['deliveries'][number] => ({ records: [flat(line)], receivedMs: 5000 });

function factsWith(...more: RunFact[]): RunFact[] {
  const [ended] = healthyFacts(corpus).slice(-1);
  return [...healthyFacts(corpus).filter(({ type }) => type === 'stored' || type === 'notified'), ...more, ended!];
}

async function duplicated(facts: RunFact[], line: string): Promise<string[]> {
  const { tally } = await judged({ corpus, facts, deliveries: [all, copyOf(line)] });
  return Object.entries(tally.duplicated).flatMap(([cause, count]) => (count > 0 ? [cause] : []));
}

async function findings(expectation: string, given: Partial<Case> & Pick<Case, 'deliveries'>): Promise<string[]> {
  const { verdict } = await judged({ corpus, expect: [expectation], ...given });
  return verdict.findings.map(({ id, validity }) => (validity === 'fail' ? id : `${id}: ${validity}`));
}

test('of a batch, only what the answer named as failed has failed', async () => {
  const facts = factsWith(
    invocation([0, 1], { deliveries: [1, 1], failedObjects: [1], endedMs: 2000 }),
    invocation([1], { deliveries: [2], eventDelivery: 2, startedMs: 3000 }),
  );
  expect(await duplicated(facts, second[0]!)).toEqual(['afterFailedInvocation']);
  expect(await duplicated(facts, first[0]!)).toEqual(['afterAcknowledgement']);
});

test('each message of a batch has a delivery of its own', async () => {
  const facts = factsWith(
    invocation([0], { deliveries: [1], status: 'failed', endedMs: 2000 }),
    invocation([0, 1], { deliveries: [2, 1], eventDelivery: 2, startedMs: 3000 }),
  );
  expect(await duplicated(facts, first[0]!)).toEqual(['afterFailedInvocation']);
  expect(await duplicated(facts, second[0]!)).toEqual(['afterAcknowledgement']);
});

test('a visibility timeout that ran out without a failure is AWS’s own repetition', async () => {
  const facts = factsWith(
    invocation([0, 1], { deliveries: [1, 1], endedMs: 9000 }),
    invocation([0], { deliveries: [2], eventDelivery: 2, startedMs: 3000 }),
  );
  expect(await duplicated(facts, first[0]!)).toEqual(['afterDuplicateEvent']);
  const polled = factsWith(
    { type: 'notified', objects: [0], sentMs: 3000, eventDelivery: 2 },
    { type: 'acknowledged', objects: [0], atMs: 4000 },
    { type: 'acknowledged', objects: [1], atMs: 4000 },
  );
  expect(await duplicated(polled, first[0]!)).toEqual(['afterDuplicateEvent']);
});

test.each(['event.delay', 'event.type', 'event.test'])('%s sends nothing again, and excuses no copy', async (kind) => {
  const facts = factsWith(invocation([0]), invocation([1]), { type: 'fault', kind, atMs: 1000, objects: [0] });
  expect(await duplicated(facts, first[0]!)).toEqual(['afterAcknowledgement']);
});

test('a poller says by deleting a message that it is done, and that must be true', async () => {
  const deleted = (atMs: number): RunFact[] =>
    factsWith({ type: 'acknowledged', objects: [0], atMs }, { type: 'acknowledged', objects: [1], atMs });
  const check = 'truthful-acknowledgement';
  expect(await findings(check, { facts: deleted(9000), deliveries: [all] })).toEqual([]);
  expect(await findings(check, { facts: deleted(500), deliveries: [all] })).toEqual(['untruthful-acknowledgement']);
  expect(await findings(check, { facts: deleted(9000), deliveries: [{ records: first.map(flat) }] })).toEqual([
    'untruthful-acknowledgement',
  ]);
  expect(await findings('no-loss', { facts: deleted(9000), deliveries: [] })).toEqual(['lost-records']);
});

test('an event that was discarded is a loss, one that was dead-lettered is none', async () => {
  const deliveries = [{ records: first.map(flat) }];
  const facts = (type: 'discarded' | 'dead-lettered'): RunFact[] =>
    factsWith(invocation([0]), { type, objects: [1], atMs: 9000, condition: 'RetriesExhausted' });
  expect(await findings('no-loss', { facts: facts('discarded'), deliveries })).toEqual(['lost-records']);
  expect(await findings('no-loss', { facts: facts('dead-lettered'), deliveries })).toEqual([]);
});

test('an event without a new object must succeed, at its last attempt at least', async () => {
  const other = (...statuses: ('failed' | 'succeeded')[]): RunFact[] =>
    statuses.map((status, index) => invocation([], { requestId: 'other', status, attempt: index + 1, message: 'no' }));
  const check = 'other-events-accepted';
  const given = (facts: RunFact[]): Pick<Case, 'facts' | 'deliveries'> => ({
    facts: factsWith(invocation([0]), invocation([1]), ...facts),
    deliveries: [all],
  });
  expect(await findings(check, given(other('succeeded')))).toEqual([]);
  expect(await findings(check, given(other('failed', 'succeeded')))).toEqual([]);
  expect(await findings(check, given(other('failed', 'failed', 'failed')))).toEqual(['other-event-refused']);
});
