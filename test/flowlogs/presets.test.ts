// Laws that hold for every preset in every format.

import { describe, expect, test } from 'vitest';

import type { GeneratedCorpus } from '../../src/flowlogs/corpus.ts';
import { formatNames } from '../../src/flowlogs/formats.ts';
import { Inspection } from '../../src/flowlogs/inspect/inspection.ts';
import { presets } from '../../src/flowlogs/presets/index.ts';
import { openCorpus } from './read-lines.ts';
import { groupBy, tableOf } from './table.ts';

const names = presets.map(({ name }) => name);
const formats = [...formatNames, '${log-status} ${end} ${pkt-srcaddr} ${version} ${traffic-path}'];
const small = { records: 200, maxRecords: 80, nodata: 0.05, skipdata: 0.02 };

/** The lines of a corpus, and every rule of AWS's format that one of them breaks. */
function inspected(corpus: GeneratedCorpus): { lines: string[]; broken: string[] } {
  const lines: string[] = [];
  const broken: string[] = [];
  for (const object of corpus.objects) {
    const inspection = new Inspection();
    const text = Buffer.from(corpus.text(object));
    for (let start = 0, line = 1; start < text.length; line++) {
      const end = text.indexOf(0x0a, start);
      inspection.see(text, start, end, line);
      if (line > 1) lines.push(text.toString('latin1', start, end));
      start = end + 1;
    }
    for (const { rule, places } of inspection.result().violations) broken.push(`${rule}: ${places[0]!.message}`);
  }
  return { lines, broken };
}

describe.for(names)('%s', (preset) => {
  test('record(i) is the i-th line, and breaks no rule of AWS, in every format', () => {
    for (const format of formats) {
      const corpus = openCorpus({ ...small, preset, format });
      const { lines, broken } = inspected(corpus);
      expect(broken, format).toEqual([]);
      expect(lines, format).toHaveLength(small.records);
      const asked = [199, 0, 110, 1, 79, 80, 198];
      expect(
        asked.map((i) => corpus.record(i)),
        format,
      ).toEqual(asked.map((i) => lines[i]));
    }
  });

  test('shares of IPv6 and ICMP hold exactly beside all others', () => {
    const plan = {
      preset,
      format: 'v5',
      records: 1000,
      reject: 0.3,
      nodata: 0.1,
      skipdata: 0.01,
      ipv6: 0.25,
      icmp: 0.08,
    };
    const { rows } = tableOf(plan);
    const ok = rows.filter((row) => row['log-status'] === 'OK');
    const count = (field: string, ...values: string[]): number =>
      ok.filter((row) => values.includes(row[field]!)).length;
    expect(rows.filter((row) => row['log-status'] === 'NODATA')).toHaveLength(100);
    expect(ok).toHaveLength(890);
    expect(count('action', 'REJECT')).toBe(Math.round(0.3 * 890));
    expect(count('type', 'IPv6')).toBe(Math.round(0.25 * 890));
    expect(count('protocol', '1', '58')).toBe(Math.round(0.08 * 890));
  });

  test('a filter, a scope and ten minutes leave nothing that AWS would not write', () => {
    for (const extra of [
      { filter: 'reject' },
      { filter: 'accept' },
      { scope: 'subnet' },
      { scope: 'interface' },
    ] as const) {
      expect(inspected(openCorpus({ ...small, preset, format: 'v11', ...extra })).broken).toEqual([]);
    }
    expect(inspected(openCorpus({ ...small, preset, format: 'v11', aggregationS: 600 })).broken).toEqual([]);
  });

  test('workers that share the objects in any way write the same bytes', () => {
    const plan = { preset, records: 900, maxRecords: 200 };
    const [alone, one, other] = [openCorpus(plan), openCorpus(plan), openCorpus(plan)];
    const texts = alone.objects.map((object) => Buffer.from(alone.text(object)).toString('latin1'));
    for (const object of alone.objects.toReversed()) {
      const worker = object.index % 3 === 0 ? one : other;
      expect(Buffer.from(worker.text(object)).toString('latin1')).toBe(texts[object.index]);
    }
    expect(other.objects.map(({ key }) => key)).toEqual(alone.objects.map(({ key }) => key));
  });

  test('an interface has one record of each 5-tuple in a window', () => {
    const { rows } = tableOf({ preset, format: 'v11', records: 2000, seed: 3, skipdata: 0 });
    const ends = ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'pkt-srcaddr', 'pkt-dstaddr'];
    const told = groupBy(rows, (row) =>
      [...ends, 'interface-id', 'flow-direction', 'start', 'log-status'].map((field) => row[field]).join(' '),
    );
    expect(rows.length - told.size).toBeLessThan(3);
  });

  test('no address is one that AWS keeps for itself in a subnet', () => {
    const { rows } = tableOf({ preset, format: 'v3', records: 800, nodata: 0, skipdata: 0 });
    const kept = rows.filter((row) =>
      ['srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr'].some((field) =>
        /^(10\.\d+|172\.(1[6-9]|2\d|3[01]))\.\d+\.([0-3]|255)$/.test(row[field]!),
      ),
    );
    expect(kept).toEqual([]);
  });
});

test("a preset's own format has the 14 default fields unless its name says otherwise", () => {
  const own = presets.map(({ name }) => [name, openCorpus({ preset: name, records: 50 }).objects[0]!.fields.length]);
  const others = { 'ecs-v7': 39, 'transit-gateway': 36, 'kitchen-sink-v11': 54 } as Readonly<Record<string, number>>;
  expect(own).toEqual(names.map((name) => [name, others[name] ?? 14]));
});

test('each preset has one sentence', () => {
  for (const { summary } of presets) expect(summary).toMatch(/^[A-Z].{30,130}\.$/);
});
