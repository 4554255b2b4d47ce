// Laws of the tally, whatever the run: found true for many random runs, with a fixed seed.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Judgement, Promises } from '../../src/oracle/index.ts';
import {
  batches,
  corpusOf,
  defaultFields,
  emptyLine,
  flat,
  judged,
  lineOf,
  linesOf,
  otlp,
  otlpWithBody,
  raw,
  type Sent,
  type SentDelivery,
} from './fixtures.ts';

const layouts = [flat, raw, otlp, otlpWithBody] as const;

function nested(line: string): Sent {
  return { body: JSON.stringify({ aws: flat(line).attributes }) };
}

const runs = { seed: 20_260_101, numRuns: 25 };

/** Copies of each of 24 lines that arrive, in some order, cut into deliveries of some size. */
const plan = fc.record({
  copies: fc.array(fc.nat({ max: 3 }), { minLength: 24, maxLength: 24 }),
  layout: fc.constantFrom(...layouts),
  order: fc.array(fc.nat(), { minLength: 72, maxLength: 72 }),
  batch: fc.integer({ min: 1, max: 30 }),
  objects: fc.integer({ min: 1, max: 4 }),
});

function cut(lines: readonly string[], count: number): { lines: string[] }[] {
  const size = Math.ceil(lines.length / count);
  return Array.from({ length: count }, (_, i) => ({ lines: lines.slice(i * size, (i + 1) * size) }));
}

function shuffled(sent: readonly Sent[], order: readonly number[]): Sent[] {
  return sent
    .map((record, i) => [record, order[i % order.length]!] as const)
    .toSorted((a, b) => a[1] - b[1])
    .map(([record]) => record);
}

test('equal loss and duplication never cancel, and every copy is counted', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ copies, layout, order, batch, objects }) => {
      const lines = linesOf(24);
      const sent = lines.flatMap((line, i) => Array.from({ length: copies[i]! }, () => layout(line)));
      const corpus = corpusOf(cut(lines, objects));
      const { tally } = await judged({ corpus, deliveries: batches(shuffled(sent, order), batch) });
      const lost = copies.filter((count) => count === 0).length;
      const surplus = copies.reduce((sum, count) => sum + Math.max(0, count - 1), 0);
      expect(tally.missing).toBe(lost);
      expect(tally.delivered).toBe(24 - lost);
      expect(tally.duplicated.afterAcknowledgement).toBe(surplus);
      expect(tally.unexpected + tally.altered).toBe(0);
    }),
    runs,
  );
});

/** Any line of a corpus in which some are equal, changed in some way or in none, in any layout. */
const arrival = fc.record({
  line: fc.nat({ max: 29 }),
  layout: fc.constantFrom(...layouts, nested),
  change: fc.constantFrom<(line: string) => string>(
    ...Array.from({ length: 4 }, () => (line: string) => line),
    (line) => line.replace(/ (ACCEPT|REJECT) /, ' PERHAPS '),
    (line) => line.replace(/172\S+/, '1.1.1.1').replace(/ 443 | 22 /, ' 9 '),
    (line) => line.replace('eni-', 'ani-'),
    (line) => line.replace(/ (\d{10}) (\d{10}) /, ' $2 $1 '),
  ),
});
const stranger = fc.constantFrom<Sent>(
  raw(defaultFields.join(' ')),
  flat(defaultFields.join(' ')),
  { body: '' },
  { body: 'started up' },
  raw(lineOf(900)),
  { attributes: { srcaddr: '10.0.0.1' } },
);

test('order, splitting and merging of deliveries change no count and no finding, and each arrival is counted once', async () => {
  const given = fc.record({
    numbers: fc.array(fc.nat({ max: 14 }), { minLength: 30, maxLength: 30 }),
    arrivals: fc.array(arrival, { maxLength: 60 }),
    strangers: fc.array(stranger, { maxLength: 3 }),
    order: fc.array(fc.nat(), { minLength: 63, maxLength: 63 }),
    batch: fc.integer({ min: 1, max: 40 }),
    objects: fc.integer({ min: 1, max: 4 }),
    promises: fc.constantFrom<Partial<Promises>>(
      {},
      { nodata: 'drop' },
      { keep: 'action = REJECT' },
      { fields: { dropped: ['srcport'], masked: [], added: 'any' } },
    ),
  });
  await fc.assert(
    fc.asyncProperty(given, async ({ numbers, arrivals, strangers, order, batch, objects, promises }) => {
      const lines = numbers.map((number) => (number === 14 ? emptyLine('NODATA') : lineOf(number)));
      const corpus = corpusOf(cut(lines, objects));
      const sent = [...arrivals.map(({ line, layout, change }) => layout(change(lines[line]!))), ...strangers];
      const inOrder = await judged({ corpus, promises, deliveries: batches(sent, 100) });
      const mixed = await judged({ corpus, promises, deliveries: batches(shuffled(sent, order), batch) });
      expect(mixed.tally).toEqual(inOrder.tally);
      expect(toldBy(mixed)).toEqual(toldBy(inOrder));
      const { delivered, altered, unexpected, duplicated } = inOrder.tally;
      expect(delivered + altered + unexpected + duplicated.afterAcknowledgement).toBe(sent.length);
    }),
    runs,
  );
});

/** What the findings say, but for the requests that brought it. */
function toldBy({ verdict }: Judgement): object[] {
  return verdict.findings.map(({ id, validity, summary, witnesses }) => ({
    id,
    validity,
    summary,
    witnesses: witnesses.map(({ key, line, text, note }) => [key, line, text, note].join()).toSorted(),
  }));
}

test('the verdict does not depend on how many deliveries were on their way at once', async () => {
  const overlap = fc.record({ concurrency: fc.integer({ min: 1, max: 8 }), lost: fc.nat({ max: 23 }), seed: fc.nat() });
  await fc.assert(
    fc.asyncProperty(overlap, async ({ concurrency, lost, seed }) => {
      const lines = linesOf(24);
      const corpus = corpusOf(cut(lines, 4));
      const deliveries = batches(lines.filter((_, i) => i !== lost).map(raw), 3);
      // Lanes take the deliveries in turn: with more of them more requests are open at once, and they end in another order.
      const lanes = (count: number): SentDelivery[] =>
        deliveries
          .map((delivery, i) => ({ delivery, atMs: 1000 + Math.floor(i / count) * 10 + ((i * (seed + 1)) % count) }))
          .toSorted((a, b) => a.atMs - b.atMs)
          .map(({ delivery, atMs }) => ({ ...delivery, receivedMs: atMs }));
      const one = await judged({ corpus, deliveries: lanes(1) });
      const many = await judged({ corpus, deliveries: lanes(concurrency) });
      const findings = ({ verdict }: typeof one): object =>
        verdict.findings.map(({ id, validity, summary, witnesses }) => ({
          id,
          validity,
          summary,
          witnesses: witnesses.map(({ key, line, text }) => ({ key, line, text })),
        }));
      expect(many.tally).toEqual(one.tally);
      expect(findings(many)).toEqual(findings(one));
    }),
    { ...runs, numRuns: 15 },
  );
});

test('losing one more record lowers delivered by one, raises missing by one, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(plan, fc.nat({ max: 23 }), async ({ copies, layout, objects }, victim) => {
      const lines = linesOf(24);
      const given = copies.map((count, i) => (i === victim ? 1 : count));
      const send = (counts: readonly number[]): Sent[] =>
        lines.flatMap((line, i) => Array.from({ length: counts[i]! }, () => layout(line)));
      // One record is always there: a layout shows itself in what arrives.
      given[(victim + 1) % 24] = 1;
      const corpus = corpusOf(cut(lines, objects));
      const before = (await judged({ corpus, deliveries: batches(send(given), 9) })).tally;
      const less = given.map((count, i) => (i === victim ? 0 : count));
      const after = (await judged({ corpus, deliveries: batches(send(less), 9) })).tally;
      expect(after).toEqual({ ...before, delivered: before.delivered - 1, missing: before.missing + 1 });
    }),
    runs,
  );
});

test.each(defaultFields.map((name, field) => [name, field] as const))(
  'a value of %s that was changed on the way is named by its field',
  async (name, field) => {
    const lines = linesOf(30);
    for (const layout of layouts) {
      const tokens = lines[11]!.split(' ');
      tokens[field] = `${tokens[field]}7`;
      const sent = lines.map((line, i) => layout(i === 11 ? tokens.join(' ') : line));
      const { tally, verdict } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(sent, 8) });
      expect(tally).toMatchObject({ expected: 30, delivered: 29, altered: 1, missing: 0, unexpected: 0 });
      expect(verdict.findings.map((finding) => finding.id)).toEqual(['altered-records']);
      expect(verdict.findings[0]!.summary).toBe(
        `1 of 30 owed records arrived altered in ${name}, the first at AWSLogs/object-0.log line 13`,
      );
    }
  },
);

test('the balance of every object holds for any mixture of losses, copies and changes', async () => {
  const fate = fc.constantFrom('sent', 'lost', 'doubled', 'changed', 'garbled');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fate, { minLength: 30, maxLength: 30 }),
      fc.constantFrom(...layouts),
      async (fates, layout) => {
        const lines = linesOf(30);
        const sent = fates.flatMap((kind, i): Sent[] => {
          const line = lines[i]!;
          if (kind === 'lost') return [];
          if (kind === 'doubled') return [layout(line), layout(line)];
          if (kind === 'changed') return [layout(line.replace(' 2', ' 9'))];
          return [kind === 'garbled' ? { body: 'nothing of a flow log' } : layout(line)];
        });
        const { tally } = await judged({ corpus: corpusOf(cut(lines, 3)), deliveries: batches(sent, 11) });
        expect(tally.expected).toBe(30);
        expect(tally.delivered + tally.altered + tally.missing + tally.deadLettered).toBe(30);
        const arrived = tally.delivered + tally.altered + tally.unexpected + tally.duplicated.afterAcknowledgement;
        expect(arrived).toBe(sent.length);
      },
    ),
    runs,
  );
});
