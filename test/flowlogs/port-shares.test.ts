// Shares of the REJECT and the ACCEPT lines by port: exact for the run, within one in each object, and what `inspect` counts.

import { expect, test } from 'vitest';

import { Inspection } from '../../src/flowlogs/inspect/inspection.ts';
import { openCorpus, storedLines } from './read-lines.ts';
import { groupBy, tableOf, type Row } from './table.ts';

const shares = [
  { port: 22, share: 0.4 },
  { port: 3389, share: 0.125 },
  { port: 443, share: 0.0001 },
];
const [dstPort, action] = [6, 12];

test.each(['web-vpc', 'guide', 'kitchen-sink-v11', 'ddos'])(
  'in %s exactly so many REJECT lines as the shares say are for a port, the same in each object, and inspect agrees',
  async (preset) => {
    const plan = { preset, format: 'default', records: 3000, maxRecords: 600, rejectedPorts: shares };
    const corpus = openCorpus(plan);
    const inspection = new Inspection();
    const all = { rejected: 0, ports: [0, 0, 0] };
    for (const object of corpus.objects) {
      const lines = await storedLines(corpus, object);
      for (const i of [0, lines.length - 1]) expect(corpus.record(object.lineFirst + i)).toBe(lines[i]);
      const rejected = lines.map((line) => line.split(' ')).filter((values) => values[action] === 'REJECT');
      for (const [i, { port, share }] of shares.entries()) {
        const count = rejected.filter((values) => values[dstPort] === String(port)).length;
        expect(Math.abs(count - share * rejected.length)).toBeLessThanOrEqual(2);
        all.ports[i]! += count;
      }
      all.rejected += rejected.length;
      for (const line of lines) inspection.seeValues(line.split(' '), 1);
    }
    expect(all.ports).toEqual(shares.map(({ share }) => Math.max(1, Math.round(share * all.rejected))));
    const { byAction, topRejectedPorts, violations } = inspection.result();
    expect([byAction['REJECT'], violations]).toEqual([all.rejected, []]);
    expect(topRejectedPorts).toContainEqual({ port: 22, records: all.ports[0] });
    expect(topRejectedPorts).toContainEqual({ port: 3389, records: all.ports[1] });
    const usual = openCorpus({ ...plan, rejectedPorts: [] });
    expect(corpus.objects.map(({ key }) => key)).toEqual(usual.objects.map(({ key }) => key));
  },
);

const served = [
  { port: 443, share: 0.5 },
  { port: 25, share: 0.0001 },
  { port: 40_000, share: 0.2 },
];

test.each(['web-vpc', 'nat-egress', 'guide'])(
  'in %s exactly so many ACCEPT lines as the shares say are of conversations with a port, told alike at both ends',
  (preset) => {
    const plan = { preset, format: 'v5', records: 1500, maxRecords: 400, acceptedPorts: served, rejectedPorts: shares };
    const corpus = openCorpus(plan);
    const { rows, objects } = tableOf(plan);
    const isOf =
      (port: number) =>
      (row: Row): boolean =>
        row['srcport'] === String(port) || row['dstport'] === String(port);
    const isAccepted = (row: Row): boolean => row['action'] === 'ACCEPT';
    const accepted = rows.filter(isAccepted);
    for (const { port, share } of served) {
      expect(accepted.filter(isOf(port))).toHaveLength(Math.max(1, Math.round(share * accepted.length)));
      for (const object of objects) {
        const here = object.filter(isAccepted);
        expect(Math.abs(here.filter(isOf(port)).length - share * here.length)).toBeLessThanOrEqual(2);
      }
    }
    const rejected = rows.filter((row) => row['action'] === 'REJECT');
    expect(rejected.filter((row) => row['dstport'] === '22')).toHaveLength(Math.round(0.4 * rejected.length));
    const told = groupBy(accepted, (row) =>
      ['pkt-srcaddr', 'srcport', 'pkt-dstaddr', 'dstport', 'protocol', 'end'].map((field) => row[field]).join(' '),
    );
    for (const views of told.values())
      expect(new Set(views.map((row) => `${row['packets']} ${row['bytes']}`)).size).toBe(1);
    const inspection = new Inspection();
    inspection.openFormat(Object.keys(rows[0]!));
    for (const row of rows) inspection.seeValues(Object.values(row), 1);
    expect(inspection.result().violations).toEqual([]);
    for (const i of [0, 700, 1499]) expect(corpus.record(i)).toBe(Object.values(rows[i]!).join(' '));
    const fewer = openCorpus({ ...plan, acceptedPorts: served.slice(0, 1) });
    expect(corpus.objects.map(({ key, lineCount }) => [key, lineCount])).toEqual(
      fewer.objects.map(({ key, lineCount }) => [key, lineCount]),
    );
  },
);

test.each([
  [
    {
      rejectedPorts: [
        { port: 22, share: 0.7 },
        { port: 80, share: 0.7 },
      ],
    },
    'together they are 1.4',
  ],
  [{ rejectedPorts: [{ port: 0, share: 0.1 }] }, '0 is no port; take one from 1 to 65535.'],
  [{ rejectedPorts: shares, filter: 'accept' }, 'the filter "accept" writes no REJECT'],
  [{ rejectedPorts: shares, ipv6: 0.5 }, 'shares of IPv6 or ICMP are given too'],
  [{ rejectedPorts: shares, preset: 'ipv6' }, 'shares of IPv6 or ICMP are given too'],
  [{ rejectedPorts: shares, format: 'tgw' }, "the format is a transit gateway's"],
  [{ acceptedPorts: [{ port: 70_000, share: 0.1 }] }, 'acceptedPorts: 70000 is no port'],
  [{ acceptedPorts: served, filter: 'reject' }, 'the filter "reject" writes no ACCEPT'],
  [{ acceptedPorts: served, icmp: 0.5 }, 'acceptedPorts: shares of IPv6 or ICMP are given too'],
  [{ acceptedPorts: served, outside: 0.1 }, 'shares of records outside of their slot are given too'],
  [
    { acceptedPorts: served, interfaceMixes: [{ name: 'web', lines: 0.1 }] },
    'acceptedPorts: interfaceMixes are given too',
  ],
  [{ acceptedPorts: [...served, { port: 80, share: 0.29 }], records: 9, maxRecords: 3 }, 'acceptedPorts ask for'],
  [{ rejectedPorts: shares, records: 9 }, 'rejectedPorts ask for 1 records for port 3389'],
] as const)('shares of ports that cannot hold are told: %j', (plan, message) => {
  expect(() => openCorpus(plan)).toThrow(message);
});
