// What nobody can be blamed for: damage and emptiness of objects that no one got to read, and fields of records that never came.

import { expect, test } from 'vitest';

import type { RunFact } from '../../src/core/model/invocation.ts';
import { corpusOf, defaultFields, flat, healthyFacts, invocation, judged, linesOf, type Case } from './fixtures.ts';

const lines = linesOf(10);
const all = { records: lines.map(flat) };

test('a damaged object must be reported, its lines may come or not', async () => {
  const damaged = corpusOf([{ lines: linesOf(4) }, { lines: linesOf(6, 4), condition: 'damaged' }]);
  const deliveries = [{ records: linesOf(7).map(flat) }];
  const silent = await judged({ corpus: damaged, deliveries });
  expect(silent.tally).toMatchObject({ expected: 4, delivered: 4, notOwed: 6, unexpected: 0, missing: 0 });
  expect(silent.verdict.findings.map(({ id, summary }) => [id, summary])).toEqual([
    [
      'bad-object-unreported',
      '1 damaged object went unreported: every invocation succeeded, the first at AWSLogs/object-1.log',
    ],
  ]);
  const facts = [...healthyFacts(damaged), invocation([1], { status: 'failed', errorType: 'EOFError' })];
  expect((await judged({ corpus: damaged, deliveries, facts })).verdict.validity).toBe('pass');
  // Nobody got to see the damage.
  const gone: RunFact = { type: 'fault', kind: 'store.missing', object: 1, atMs: 1000, withholds: true };
  const unread = { corpus: damaged, deliveries, facts: [...healthyFacts(damaged), gone] };
  expect((await judged(unread)).verdict.validity).toBe('pass');
});

test('of a damaged object that nobody reported, what the damage took is told in records', async () => {
  const cut = corpusOf([
    { lines: linesOf(4), condition: 'damaged', linesLost: 37 },
    { lines: linesOf(4, 4), condition: 'damaged', linesLost: 1 },
    { lines: linesOf(2, 8), condition: 'damaged' },
  ]);
  const { verdict } = await judged({ corpus: cut, deliveries: [all] });
  expect(verdict.findings.map(({ summary }) => summary)).toEqual([
    '3 damaged objects went unreported: every invocation succeeded, and 38 records behind the damage never arrived, the first at AWSLogs/object-0.log',
  ]);
  expect(verdict.findings[0]!.witnesses.map(({ note }) => note)).toEqual([
    'Records 5 to 41 of 41 lie behind the damage.',
    'Record 5 of 5 lies behind the damage.',
    undefined,
  ]);
});

test('an empty file owes nothing, and its invocation must succeed', async () => {
  const empty = corpusOf([{ lines: [], condition: 'empty' }]);
  expect((await judged({ corpus: empty, deliveries: [] })).verdict).toEqual({ validity: 'pass', findings: [] });
  const facts = healthyFacts(empty).map((fact) =>
    fact.type === 'invocation'
      ? { ...fact, status: 'failed' as const, errorType: 'KeyError', message: 'Contents' }
      : fact,
  );
  const { verdict } = await judged({ corpus: empty, deliveries: [], facts });
  expect(verdict.findings).toMatchObject([
    {
      id: 'empty-object-refused',
      check: 'empty-objects-accepted',
      validity: 'fail',
      summary: '1 file without records made every invocation fail, the first at AWSLogs/object-0.log',
      witnesses: [{ bucket: 'flow-logs', key: 'AWSLogs/object-0.log', note: 'Contents' }],
    },
  ]);
});

test('an empty file is not refused by who failed for a fault, or for what lay beside it in the event', async () => {
  const empty = corpusOf([
    { lines: [], condition: 'empty' },
    { lines: linesOf(4), condition: 'damaged' },
  ]);
  const failed = { status: 'failed', errorType: 'Error' } as const;
  const idsAfter = async (...facts: RunFact[]): Promise<string[]> => {
    const own = healthyFacts(empty).filter((fact) => fact.type !== 'invocation');
    return (await judged({ corpus: empty, deliveries: [], facts: [...own, ...facts] })).verdict.findings.map(
      ({ id }) => id,
    );
  };
  const alone = [invocation([0], failed), invocation([1], failed)];
  expect(await idsAfter(...alone)).toEqual(['empty-object-refused']);
  expect(await idsAfter({ type: 'fault', kind: 'object.header-only', object: 0, atMs: 1000 }, ...alone)).toEqual([
    'empty-object-refused',
  ]);
  expect(await idsAfter({ type: 'fault', kind: 'store.denied', object: 0, atMs: 1500 }, ...alone)).toEqual([]);
  expect(await idsAfter({ type: 'fault', kind: 'net.dns', atMs: 1500 }, ...alone)).toEqual([]);
  expect(await idsAfter(invocation([0, 1], failed))).toEqual([]);
  expect(await idsAfter(invocation([0, 1], { ...failed, answersForEach: true }))).toEqual(['empty-object-refused']);
});

test('a field of which no record arrived says nothing of the forwarder', async () => {
  const grown = [...defaultFields, 'future-field'];
  const more = linesOf(4, 10).map((line) => `${line} value`);
  const two = corpusOf([{ lines }, { lines: more, fields: grown }]);
  const idsOf = async (given: Partial<Case> & Pick<Case, 'deliveries'>): Promise<string[]> =>
    (await judged({ corpus: two, expect: ['fields-intact'], ...given })).verdict.findings.map(({ id }) => id);
  expect(await idsOf({ deliveries: [all] })).toEqual([]);
  const withoutIt = more.map((line) => flat(line.split(' ').slice(0, -1).join(' ')));
  expect(await idsOf({ deliveries: [all, { records: withoutIt.slice(3) }] })).toEqual(['field-missing:future-field']);
});
