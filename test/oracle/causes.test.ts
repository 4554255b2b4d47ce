// What preceded each difference: the counts add up to the tally, whatever happened.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { RunFact } from '../../src/core/model/invocation.ts';
import type { Judgement } from '../../src/oracle/index.ts';
import { corpusOf, flat, healthyFacts, invocation, judged, linesOf, type SentDelivery } from './fixtures.ts';

const lines = linesOf(40);
const corpus = corpusOf([0, 10, 20, 30].map((first) => ({ lines: lines.slice(first, first + 10) })));
const records = lines.map(flat);
const some = (first: number, end: number) => ({ records: records.slice(first, end) });

function told({ causes }: Judgement): string[] {
  return causes.map(({ of, id, count, faults }) => `${of} ${count} ${id} ${faults.join()}`.trim());
}

/** Healthy facts, but for the invocations of some objects. */
function factsWith(objects: readonly number[], ...more: RunFact[]): RunFact[] {
  const isOther = (fact: RunFact): boolean => fact.type !== 'invocation' || !objects.includes(fact.objects[0]!);
  return [...healthyFacts(corpus).filter(isOther), ...more];
}

test('a record that a refused request brought is missing after that fault, and others though nothing went wrong', async () => {
  const deliveries = [some(0, 10), { ...some(10, 20), kept: false, fault: 'sink.status' }, some(20, 37)];
  const judgement = await judged({ corpus, deliveries });
  expect(told(judgement)).toEqual(['missing 10 request-refused sink.status', 'missing 3 forwarder']);
  expect(judgement.verdict.findings[0]!.summary).toContain(
    '; 10 after sink.status refused their request with 429, 3 though nothing went wrong before',
  );
});

test('an object that every invocation failed for names the failure and the fault that struck meanwhile', async () => {
  const facts = factsWith(
    [0, 1],
    { type: 'fault', kind: 'lambda.kill', objects: [0], atMs: 600 },
    invocation([0], { status: 'failed', errorType: 'Runtime.ExitError', endedMs: 900 }),
    { type: 'fault', kind: 'net.reset', atMs: 2000 },
    invocation([1], { status: 'timed-out', startedMs: 1900, endedMs: 2500 }),
  );
  const { causes } = await judged({ corpus, facts, deliveries: [some(20, 40)] });
  expect(causes.map(({ text, count }) => [count, text])).toEqual([
    [10, 'after every invocation of their object failed (Runtime.ExitError), struck by lambda.kill'],
    [10, 'after every invocation of their object failed (timed-out), struck by net.reset'],
  ]);
});

test('what a request carried that was reset in its middle nobody knows: its fault is named where it struck', async () => {
  const reset = (atMs: number): RunFact => ({ type: 'fault', kind: 'sink.reset', atMs });
  const facts = factsWith(
    [0, 1],
    invocation([0], { startedMs: 500, endedMs: 1000 }),
    invocation([1], { startedMs: 1500, endedMs: 2500 }),
    // The first one left a delivery behind, which tells of its records.
    reset(600),
    reset(2000),
  );
  const told = { ...some(0, 4), kept: false, fault: 'sink.reset', receivedMs: 700 };
  const { causes } = await judged({ corpus, facts, deliveries: [told, some(4, 7), some(20, 40)] });
  expect(causes.map(({ id, faults, text, count }) => [count, id, faults, text])).toEqual([
    [10, 'fault-survived', ['sink.reset'], 'whose object was acknowledged, while sink.reset struck a request'],
    [4, 'request-refused', ['sink.reset'], 'after sink.reset refused their request with 429'],
    [3, 'forwarder', [], 'though nothing went wrong before'],
  ]);
});

test('objects that were never stored, announced, invoked or read are told apart', async () => {
  const facts: RunFact[] = [
    { type: 'stored', object: 1, key: corpus.objects[1]!.key, sizeBytes: 1, storedMs: 0 },
    { type: 'fault', kind: 'event.drop', object: 1, atMs: 10 },
    { type: 'stored', object: 2, key: corpus.objects[2]!.key, sizeBytes: 1, storedMs: 0 },
    { type: 'notified', objects: [2], sentMs: 20, eventDelivery: 1 },
    { type: 'stored', object: 3, key: corpus.objects[3]!.key, sizeBytes: 1, storedMs: 0 },
    { type: 'notified', objects: [3], sentMs: 20, eventDelivery: 1 },
    { type: 'read', object: 2, atMs: 30, operation: 'GetObject', statusCode: 200 },
    invocation([3]),
    { type: 'ended', atMs: 200_000, how: 'complete', skippedMs: 0 },
  ];
  expect(told(await judged({ corpus, facts, deliveries: [] }))).toEqual([
    'missing 10 not-stored',
    'missing 10 not-notified event.drop',
    'missing 10 not-invoked',
    'missing 10 not-read',
  ]);
});

test('copies name the faults behind their class', async () => {
  const facts = factsWith(
    [1],
    { type: 'fault', kind: 'event.duplicate', object: 1, atMs: 3000 },
    invocation([1], { endedMs: 2000 }),
    invocation([1], { eventDelivery: 2, startedMs: 3000 }),
  );
  const deliveries: SentDelivery[] = [
    { ...some(0, 40), lostReply: true, fault: 'sink.commit-then' },
    { ...some(0, 5), receivedMs: 1100 },
    { ...some(10, 12), receivedMs: 3100 },
    { ...some(10, 12), receivedMs: 3200 },
    { ...some(39, 40), receivedMs: 3300 },
    { ...some(39, 40), receivedMs: 3400 },
  ];
  expect(told(await judged({ corpus, facts, deliveries }))).toEqual([
    'doubled 8 reply-lost sink.commit-then',
    'doubled 2 event-repeated event.duplicate',
    'doubled 1 forwarder',
  ]);
});

test('whatever is lost, refused, dead-lettered or doubled, the causes add up to the tally', async () => {
  const delivery = fc.record({
    first: fc.nat(39),
    count: fc.integer({ min: 1, max: 25 }),
    kept: fc.boolean(),
    lostReply: fc.boolean(),
    fault: fc.constantFrom(undefined, 'sink.status', 'sink.reset'),
  });
  const dead = fc.subarray([0, 1, 2, 3]);
  const property = fc.asyncProperty(
    fc.array(delivery, { maxLength: 6 }),
    dead,
    dead,
    async (sent, failing, letters) => {
      const facts = factsWith(
        failing,
        ...failing.map((object) => invocation([object], { status: 'failed' as const, errorType: 'Error' })),
        ...letters.map((object): RunFact => ({
          type: 'dead-lettered',
          objects: [object],
          atMs: 9,
          condition: 'RetriesExhausted',
        })),
      );
      const deliveries = sent.map(({ first, count, kept, lostReply, fault }): SentDelivery => {
        return { ...some(first, first + count), kept, lostReply: kept && lostReply, ...(fault ? { fault } : {}) };
      });
      const { causes, tally } = await judged({ corpus, facts, deliveries });
      const sum = (of: string): number =>
        causes.reduce((total, cause) => total + (cause.of === of ? cause.count : 0), 0);
      expect([sum('missing'), sum('deadLettered')]).toEqual([tally.missing, tally.deadLettered]);
      expect(sum('doubled')).toBe(Object.values(tally.duplicated).reduce((total, count) => total + count, 0));
      expect(causes.every(({ id }) => id !== 'unknown')).toBe(true);
    },
  );
  await fc.assert(property, { numRuns: 40 });
});
