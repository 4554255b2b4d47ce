// The way of an object, told at each witness.

import { expect, test } from 'vitest';

import type { RunFact } from '../../src/core/model/invocation.ts';
import { corpusOf, flat, healthyFacts, invocation, judged, linesOf } from './fixtures.ts';

const lines = linesOf(30);
const corpus = corpusOf([{ lines: lines.slice(0, 20) }, { lines: lines.slice(20) }]);

test('a lost record tells how its object was put, notified, invoked, read, sent and answered', async () => {
  const records = lines.map(flat);
  const facts: RunFact[] = [
    { type: 'read', object: 0, atMs: 600, operation: 'GetObject', statusCode: 200 },
    invocation([0], { status: 'timed-out', endedMs: 3500, message: 'Task timed out after 3.00 seconds' }),
    ...healthyFacts(corpus).filter((fact) => fact.type !== 'invocation' || fact.objects[0] !== 0),
  ];
  const { verdict } = await judged({
    corpus,
    facts,
    deliveries: [
      { records: records.slice(0, 10) },
      { records: records.slice(10, 20), kept: false, fault: 'sink.status' },
      { records: records.slice(20) },
    ],
  });
  const lost = verdict.findings.find(({ id }) => id === 'lost-records')!;
  const { story, byteOffset } = lost.witnesses[0]!;
  const text = new TextDecoder().decode(await corpus.body(corpus.objects[0]!));
  expect(text.slice(byteOffset)).toMatch(new RegExp(`^${lines[10]}\n`));
  expect(story!.map(({ step }) => step)).toEqual([
    'put',
    'notified',
    'invoked',
    'read',
    'sent',
    'answered',
    'sent',
    'answered',
    'ended',
  ]);
  expect(story!.map(({ text }) => text)).toEqual([
    'stored, 100 B',
    'its event was sent',
    'attempt 1 began',
    'GetObject was answered with 200',
    'request 1 brought 10 of its records, of 10 in all',
    'request 1 was answered with 200',
    'request 2 brought 10 of its records, of 10 in all',
    'request 2 was answered with 429 by sink.status, nothing kept',
    'attempt 1 timed-out: Task timed out after 3.00 seconds',
  ]);
  expect(story![7]).toMatchObject({ delivery: 2, fault: 'sink.status', atMs: 1022 });
});

test('a story of very many steps keeps its beginning and its end', async () => {
  const reads = Array.from({ length: 500 }, (_, i): RunFact => {
    return { type: 'read', object: 0, atMs: 600 + i, operation: 'GetObject', statusCode: 206 };
  });
  const facts = [...reads, ...healthyFacts(corpus)];
  const { verdict } = await judged({ corpus, facts, deliveries: [{ records: lines.slice(1).map(flat) }] });
  const story = verdict.findings[0]!.witnesses[0]!.story!;
  expect(story).toHaveLength(40);
  expect(story[0]!.step).toBe('put');
  expect(story.at(-1)!.step).toBe('ended');
});
