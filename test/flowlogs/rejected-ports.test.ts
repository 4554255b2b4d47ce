// Shares of the REJECT lines by port: exact for the run, within one in each object, and what `inspect` counts.

import { expect, test } from 'vitest';

import { Inspection } from '../../src/flowlogs/inspect/inspection.ts';
import { openCorpus, storedLines } from './read-lines.ts';

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
  [{ rejectedPorts: shares, records: 9 }, 'rejectedPorts ask for 1 records for port 3389'],
] as const)('shares of ports that cannot hold are told: %j', (plan, message) => {
  expect(() => openCorpus(plan)).toThrow(message);
});
