// What was done to an altered value, from what to what; and the mapping table with its row of confusion.

import { expect, test } from 'vitest';

import type { AlterationKind } from '../../src/core/model/result.ts';
import { alterationOf } from '../../src/oracle/comparison/alteration.ts';
import { batches, corpusOf, defaultFields, flat, judged, linesOf, otlp, type Sent } from './fixtures.ts';

test.each<[string, string, AlterationKind]>([
  ['443', '-', 'omitted'],
  ['443', '""', 'omitted'],
  ['ACCEPT', 'null', 'omitted'],
  ['-', '0', 'retyped'],
  ['000012345678', '12345678', 'retyped'],
  ['9007199254740993', '9007199254740992', 'retyped'],
  ['4294967297', '1', 'retyped'],
  ['2147483648', '-2147483648', 'retyped'],
  ['443', '443.5', 'other'],
  ['1767225600', '1.7672256e9', 'retyped'],
  ['1767225600', '2026-01-01T00:00:00Z', 'retyped'],
  ['1500', '12000', 'unit'],
  ['1767225600', '29453760', 'unit'],
  ['1767225600123', '1767225600', 'unit'],
  ['ACCEPT', 'accept', 'case'],
  ['eni-1235b8ca', 'eni-1235', 'truncated'],
  ['eni-1235b8ca', 'eni-1...', 'truncated'],
  ['arn:aws:ecs', 'arn%3Aaws%3Aecs', 'encoding'],
  ['ACCEPT', '"ACCEPT"', 'encoding'],
  ['a&b', 'a&amp;b', 'encoding'],
  ['Zürich', 'Z\uFFFDrich', 'encoding'],
  ['Zürich', 'ZÃ¼rich', 'encoding'],
  ['ACCEPT', 'QUNDRVBU', 'encoding'],
  ['443', '22≠443', 'contradicted'],
  ['10.0.0.1', '10.0.0.0', 'other'],
])('%s that arrives as %s is %s', (was, is, kind) => {
  expect(alterationOf([was], [is], 0).kind).toBe(kind);
});

test('the value of another field is a shifted column, and a short one only where that field changed as well', () => {
  const before = ['2', 'eni-1', '443', '20', '200'];
  expect(alterationOf(before, ['2', 'eni-1', '200', '20', '200'], 2)).toEqual({
    kind: 'shifted-column',
    confusedWith: 4,
  });
  expect(alterationOf(before, ['2', 'eni-1', '443', '2', '200'], 3).kind).toBe('truncated');
  expect(alterationOf(before, ['20', 'eni-1', '443', '2', '200'], 3)).toEqual({
    kind: 'shifted-column',
    confusedWith: 0,
  });
});

const lines = linesOf(200);
const corpus = corpusOf([{ lines }]);

/** As the guide sends it, with one field made another. */
function changed(line: string, field: string, change: (values: Record<string, string>) => string): Sent {
  const attributes = { ...flat(line).attributes } as Record<string, string>;
  attributes[field] = change({ ...attributes });
  return { attributes };
}

test('each field has a row: where it was found, how many values are intact, and what happened to the others', async () => {
  const records = lines.map((line, i) => (i < 40 ? changed(line, 'end', (values) => values['start']!) : flat(line)));
  const { layout, tally } = await judged({ corpus, deliveries: batches(records, 50) });
  expect(tally).toMatchObject({ delivered: 160, altered: 40 });
  expect(layout).toMatchObject({ source: 'inferred', arrivals: 200, explained: 200, examined: 40 });
  expect(layout.fields.map(({ field }) => field)).toEqual(defaultFields);
  expect(layout.fields.find(({ field }) => field === 'end')).toEqual({
    field: 'end',
    names: ['end'],
    carried: 200,
    intact: 160,
    altered: 40,
    kinds: { 'shifted-column': 40 },
    confusedWith: { start: 40 },
  });
  expect(layout.fields.filter(({ altered }) => altered > 0)).toHaveLength(1);
});

test('the row of a field under another name tells it, and that of a dropped one says that it was promised', async () => {
  const records = lines.map((line): Sent => {
    const { 'cloud.account.id': _, ...resource } = otlp(line).resource!;
    return { ...otlp(line), resource };
  });
  const fields = { dropped: ['account-id'], masked: [], added: 'any' as const };
  const { layout, verdict } = await judged({ corpus, deliveries: batches(records, 50), promises: { fields } });
  expect(verdict.validity).toBe('pass');
  const row = (name: string) => layout.fields.find(({ field }) => field === name);
  expect(row('srcaddr')).toMatchObject({ names: ['source.address'], carried: 200, intact: 200, altered: 0 });
  expect(row('end')).toMatchObject({ names: ['timestamp'], intact: 200 });
  expect(row('account-id')).toMatchObject({ names: [], carried: 0, intact: 0, promised: 'dropped' });
});

test('witnesses of altered records show each way in which records were altered, however rare', async () => {
  const records = lines.map((line, i) => {
    if (i === 150) return changed(line, 'action', (values) => values['action']!.toLowerCase());
    if (i === 199) return changed(line, 'interface-id', (values) => values['interface-id']!.slice(0, 8));
    return i % 2 === 0 ? changed(line, 'end', (values) => values['start']!) : flat(line);
  });
  const { verdict } = await judged({ corpus, deliveries: batches(records, 50) });
  const { witnesses } = verdict.findings.find(({ id }) => id === 'altered-records')!;
  expect(witnesses).toHaveLength(20);
  const notes = witnesses.map(({ note }) => note ?? '');
  expect(notes.filter((note) => note.includes('(case)'))).toHaveLength(1);
  expect(notes.filter((note) => note.includes('(truncated)'))).toHaveLength(1);
  expect(notes.filter((note) => note.includes('(shifted-column)'))).toHaveLength(18);
});

test('spaces that were added to a value can be seen', async () => {
  const lines = linesOf(10);
  const sent = lines.map((line, i) => {
    const { attributes = {} } = flat(line);
    return i === 3 ? { attributes: { ...attributes, action: ` ${attributes['action'] as string} ` } } : { attributes };
  });
  const { verdict } = await judged({ corpus: corpusOf([{ lines }]), deliveries: [{ records: sent }] });
  const [{ arrived, note }] = verdict.findings[0]!.witnesses as [{ arrived: string; note: string }];
  expect(arrived).toBe(lines[3]!.replace('ACCEPT', '\u2420ACCEPT\u2420'));
  expect(note).toBe('action: ACCEPT arrived as \u2420ACCEPT\u2420 (encoding)');
});
