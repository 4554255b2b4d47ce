// When nothing can be proved, the verdict is unknown; and bad input is a finding with numbers, never an exception.

import { expect, test } from 'vitest';

import type { RunFact } from '../../src/core/model/invocation.ts';
import {
  batches,
  corpusOf,
  flat,
  healthyFacts,
  invocation,
  judged,
  lineOf,
  linesOf,
  raw,
  type Case,
} from './fixtures.ts';

const lines = linesOf(10);
const corpus = corpusOf([{ lines }]);
const nineOfTen = [{ records: lines.slice(1).map(flat) }];

async function findingsOf(given: Partial<Case> & Pick<Case, 'deliveries'>): Promise<string[]> {
  const { verdict } = await judged({ corpus, ...given });
  return [verdict.validity, ...verdict.findings.map((finding) => `${finding.id} ${finding.validity}`)];
}

function endedBy(how: 'interrupted' | 'drain-limit'): RunFact[] {
  return healthyFacts(corpus).map((fact) => (fact.type === 'ended' ? { ...fact, how } : fact));
}

test('a loss in a run that was interrupted is unknown', async () => {
  expect(await findingsOf({ deliveries: nineOfTen, facts: endedBy('interrupted') })).toEqual([
    'unknown',
    'lost-records unknown',
    'run-interrupted unknown',
  ]);
});

test('a run without a last line was interrupted', async () => {
  const facts = healthyFacts(corpus).filter((fact) => fact.type !== 'ended');
  expect(await findingsOf({ deliveries: nineOfTen, facts })).toContain('run-interrupted unknown');
});

test('a loss at the drain limit is unknown, as is one with holes in the archive', async () => {
  expect(await findingsOf({ deliveries: nineOfTen, facts: endedBy('drain-limit') })).toEqual([
    'unknown',
    'lost-records unknown',
    'drain-limit-reached unknown',
  ]);
  expect(await findingsOf({ deliveries: nineOfTen, archiveComplete: false })).toEqual([
    'unknown',
    'lost-records unknown',
    'archive-incomplete unknown',
  ]);
});

test('copies stay a failure where losses are unknown', async () => {
  const deliveries = [...nineOfTen, { records: [flat(lines[4]!)] }];
  expect(await findingsOf({ deliveries, facts: endedBy('interrupted') })).toEqual([
    'fail',
    'lost-records unknown',
    'doubled-records fail',
    'run-interrupted unknown',
  ]);
});

test('a fault that never fired is unknown and takes no failure away', async () => {
  const faults = { faultsConfigured: ['sink.status', 'sink.delay'], faultsFired: { 'sink.delay': 3 } };
  expect(await findingsOf({ deliveries: [{ records: lines.map(flat) }], ...faults })).toEqual([
    'unknown',
    'fault-never-fired unknown',
  ]);
  expect(await findingsOf({ deliveries: nineOfTen, ...faults })).toEqual([
    'fail',
    'lost-records fail',
    'fault-never-fired unknown',
  ]);
});

test('nothing observed is unknown, a forwarder that ran and sent nothing fails', async () => {
  const silent = healthyFacts(corpus).filter((fact) => fact.type !== 'invocation');
  expect(await findingsOf({ deliveries: [], facts: silent })).toEqual([
    'unknown',
    'lost-records unknown',
    'nothing-observed unknown',
  ]);
  expect(await findingsOf({ deliveries: [] })).toEqual(['fail', 'lost-records fail']);
});

test('where nothing is owed and nothing came, the run passes', async () => {
  const given = { corpus, deliveries: [], promises: { keep: 'dstport = 9' } };
  expect((await judged(given)).verdict).toEqual({ validity: 'pass', findings: [] });
});

test('arrivals that fit no layout cannot convict', async () => {
  const strange = lines.map((line) => ({
    attributes: Object.fromEntries(line.split(' ').map((token, i) => [`f${i}`, token])),
  }));
  expect(await findingsOf({ deliveries: [{ records: strange }] })).toEqual([
    'unknown',
    'lost-records unknown',
    'unexpected-records unknown',
    'layout-unexplained unknown',
  ]);
});

test('an invention among a hundred records is unexpected and leaves the layout explained', async () => {
  const many = linesOf(200);
  const deliveries = batches([...many.map(raw), { body: 'started up' }], 50);
  expect(await findingsOf({ corpus: corpusOf([{ lines: many }]), deliveries })).toEqual([
    'fail',
    'unexpected-records fail',
  ]);
});

test('arrivals of deliveries that the sink’s list lacks are judged, without a time', async () => {
  const judgement = await judged({ corpus, deliveries: [{ records: lines.map(flat), receivedMs: NaN }] });
  expect(judgement.tally.delivered).toBe(10);
  expect(judgement.latencyMs).toBeUndefined();
  expect(judgement.throughput).toBeUndefined();
});

test('half-records, invented fields and endless names are findings with numbers', async () => {
  const cutLines = lines.slice(0, 4).map((line) => raw(line.split(' ').slice(0, 6).join(' ')));
  const invented = lines
    .slice(4)
    .map((line, i) => ({ attributes: { ...flat(line).attributes, [`invented.${i}`]: 1n } }));
  const { tally } = await judged({ corpus, deliveries: [{ records: [...cutLines, ...invented] }] });
  expect(tally).toMatchObject({ expected: 10, delivered: 6, missing: 4, unexpected: 4, altered: 0 });
});

test('thousands of names never seen before are read as well as the first', async () => {
  const many = linesOf(5000);
  const sent = many.map((line, i) => ({ attributes: { ...flat(line).attributes, [`trace-${i}`]: 'x' } }));
  const { tally } = await judged({ corpus: corpusOf([{ lines: many }]), deliveries: batches(sent, 1000) });
  expect(tally.delivered).toBe(5000);
});

test('a line of a megabyte is compared as any other', async () => {
  const long = [lineOf(0), lineOf(1, { action: 'A'.repeat(1_000_000) }), `${lineOf(2)} ${'x '.repeat(300)}`.trim()];
  const own = corpusOf([{ lines: long }]);
  expect((await judged({ corpus: own, deliveries: [{ records: long.map(raw) }] })).tally.delivered).toBe(3);
  const lost = await judged({ corpus: own, deliveries: [{ records: [raw(long[0]!)] }] });
  expect(lost.tally.missing).toBe(2);
});

test('an object whose key was invoked but never stored is told so', async () => {
  const facts = [invocation([0]), { type: 'ended', atMs: 1, how: 'complete', skippedMs: 0 } as const];
  const { verdict } = await judged({ corpus, deliveries: [], facts });
  expect(verdict.findings[0]!.witnesses[0]!.note).toBe('its object was never stored');
});

test('requests of which the real SigNoz makes one thing or another are a warning, and no finding', async () => {
  const lines = linesOf(8);
  const deliveries = lines.map((line, i) => ({
    records: [flat(line)],
    ...(i > 0 ? { ambiguous: true as const } : {}),
  }));
  const { verdict, warnings } = await judged({ corpus: corpusOf([{ lines }]), deliveries });
  expect(verdict).toEqual({ validity: 'pass', findings: [] });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/^7 requests .* \(request 2, 3, 4, 5, 6, \.\.\.\)\.$/);
});
