// Interfaces with mixes of their own: exact for them, for the run and in each object, and told by no other interface.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { randomSource } from '../../src/core/random.ts';
import { Inspection } from '../../src/flowlogs/inspect/inspection.ts';
import { indexesOf } from '../../src/flowlogs/interface-names.ts';
import { findPreset } from '../../src/flowlogs/presets/index.ts';
import { openCorpus } from './read-lines.ts';
import { groupBy, tableOf, type Row } from './table.ts';

const exact = (share: number, lines: number): number =>
  share > 0 && lines > 0 ? Math.max(1, Math.round(share * lines)) : 0;

/** Ids of the interfaces of a name, as the preset has them by itself. */
function idsOf(preset: string, name: string): Set<string> {
  const random = randomSource(42).split(preset).split('traffic');
  const options = { aggregationMinutes: 1, scope: 'vpc', recorder: 'vpc', interfaces: undefined } as const;
  const { roles, interfaces } = findPreset(preset)!.open(random, options)[0]!;
  return new Set([...indexesOf(roles, name)].map((index) => interfaces[index]!.interfaceId));
}

const counts = (rows: readonly Row[]): { nodata: number; skipdata: number; ok: number; reject: number } => {
  const of = (field: string, value: string): number => rows.filter((row) => row[field] === value).length;
  return {
    nodata: of('log-status', 'NODATA'),
    skipdata: of('log-status', 'SKIPDATA'),
    ok: of('log-status', 'OK'),
    reject: of('action', 'REJECT'),
  };
};

const roles = {
  'web-vpc': ['load-balancer', 'web-2', 'database', 'gateway'],
  'nat-egress': ['worker-a', 'nat-b', 'worker-b-3'],
  'shared-vpc': ['analytics', 'balancer-1'],
  ddos: ['front-2', 'web'],
  scan: ['public-1', 'public-7'],
  quiet: ['build'],
  'kitchen-sink-v11': ['web', 'endpoint', 'compute-2'],
} as const;

test.each(Object.entries(roles))('in %s, %j have the shares that a plan gives them', (preset, names) => {
  const { mix } = findPreset(preset)!;
  const share = fc.double({ min: 0, max: 0.45, noNaN: true });
  const anyMix = fc.record({
    lines: fc.double({ min: 0.02, max: 0.9 / names.length, noNaN: true }),
    reject: fc.double({ min: 0, max: 1, noNaN: true }),
    nodata: share,
    skipdata: share,
  });
  const anyMixes = fc.array(anyMix, { minLength: names.length, maxLength: names.length });
  fc.assert(
    fc.property(anyMixes, fc.integer({ min: 300, max: 1200 }), (drawn, records) => {
      const interfaceMixes = drawn.map((own, i) => {
        const isOne = /-\d$/.test(names[i]!);
        return { ...own, name: names[i]!, nodata: isOne ? 0 : own.nodata };
      });
      const plan = { preset, format: 'v3', records, maxRecords: 400, interfaceMixes };
      const { rows, objects } = tableOf(plan);
      expect(rows).toHaveLength(records);
      const idle = { asked: 0, others: records };
      for (const { name, lines, reject, nodata, skipdata } of interfaceMixes) {
        const ids = idsOf(preset, name);
        const isOwn = (row: Row): boolean => ids.has(row['interface-id']!);
        const own = counts(rows.filter(isOwn));
        const all = exact(lines, records);
        const unused = exact(nodata, all);
        idle.asked += unused;
        idle.others -= all;
        expect(own).toEqual({
          nodata: 0,
          skipdata: exact(skipdata, all),
          ok: all - unused - own.skipdata,
          reject: exact(reject, own.ok),
        });
        for (const object of objects) {
          const here = counts(object.filter(isOwn));
          expect(Math.abs(here.reject - reject * here.ok)).toBeLessThanOrEqual(2);
        }
      }
      // Of the whole, too, each object has its part, and what is not named keeps the preset's shares.
      expect(counts(rows).nodata).toBe(idle.asked + exact(mix.nodata, idle.others));
      const corpus = openCorpus(plan);
      expect(corpus.objects.map(({ lineCount }) => lineCount)).toEqual(objects.map(({ length }) => length));
      const lines = corpus.objects.flatMap((object) =>
        Buffer.from(corpus.text(object)).toString('latin1').split('\n').slice(1, -1),
      );
      for (const i of [0, records >> 1, records - 1]) expect(corpus.record(i)).toBe(lines[i]);
    }),
    { seed: 8, numRuns: 2, endOnFailure: true },
  );
});

test('shares beside them stay those of the run, and of each object within one of its part', () => {
  const interfaceMixes = [{ name: 'load-balancer', lines: 0.3, reject: 0.5, nodata: 0.05 }];
  const plan = { records: 4000, maxRecords: 700, reject: 0.25, nodata: 0.1, skipdata: 0.02, interfaceMixes };
  const { rows, objects } = tableOf(plan);
  const whole = counts(rows);
  expect(whole).toEqual({ nodata: 400, skipdata: 80, ok: 3520, reject: 880 });
  for (const object of objects) {
    const here = counts(object);
    expect(Math.abs(here.nodata - 0.1 * object.length)).toBeLessThanOrEqual(1);
    expect(Math.abs(here.reject - 0.25 * here.ok)).toBeLessThanOrEqual(1);
  }
});

test('both ends of a conversation tell the same, windows are whole, no interface is idle and busy, and nothing breaks a rule', () => {
  const interfaceMixes = [
    { name: 'node-a', lines: 0.4, reject: 0.3, nodata: 0.2 },
    { name: 'balancer-2', lines: 0.1, skipdata: 0.1 },
  ];
  const plan = { preset: 'eks', format: 'v11', records: 2400, maxRecords: 800, interfaceMixes };
  const { rows } = tableOf(plan);
  const inspection = new Inspection();
  inspection.openFormat(Object.keys(rows[0]!));
  for (const row of rows) inspection.seeValues(Object.values(row), 1);
  expect(inspection.result().violations).toEqual([]);
  const accepted = rows.filter((row) => row['action'] === 'ACCEPT');
  const told = groupBy(accepted, (row) =>
    ['pkt-srcaddr', 'srcport', 'pkt-dstaddr', 'dstport', 'start'].map((field) => row[field]).join(' '),
  );
  // Two visits of one host may have one port by chance.
  const differing = [...told.values()].filter((views) => new Set(views.map((row) => row['bytes'])).size > 1);
  expect(differing.length).toBeLessThan(5);
  const own = new Set([...idsOf('eks', 'node-a'), ...idsOf('eks', 'balancer-2')]);
  const addresses = new Set(
    accepted
      .filter((row) => own.has(row['interface-id']!) && row['flow-direction'] === 'egress')
      .map((row) => row['srcaddr']),
  );
  const lonely = accepted.filter(
    (row) => !own.has(row['interface-id']!) && (addresses.has(row['srcaddr']) || addresses.has(row['dstaddr'])),
  );
  expect(lonely).toEqual([]);
  const windows = groupBy(rows, (row) => `${row['interface-id']} ${Math.floor(Number(row['end']) / 60)}`);
  for (const window of windows.values()) {
    expect(new Set(window.map((row) => `${row['start']} ${row['end']}`)).size).toBe(1);
    expect(new Set(window.map((row) => row['log-status'] === 'NODATA')).size).toBe(1);
  }
});

test('web-vpc keeps its flow of 2^31 bytes in each 10,000 records, whoever has a mix of its own', () => {
  for (const interfaceMixes of [
    [{ name: 'web', lines: 0.5, reject: 0.2 }],
    [{ name: 'load-balancer', lines: 0.7 }],
    [{ name: 'load-balancer-1', lines: 0.2 }],
  ]) {
    const { rows } = tableOf({ format: '${bytes}', records: 20_000, interfaceMixes });
    expect(rows.filter((row) => Number(row['bytes']) >= 2 ** 31)).toHaveLength(2);
  }
});

test('all interfaces may be named where their lines are all lines', () => {
  const interfaceMixes = [
    { name: 'build', lines: 1 / 3, reject: 1 },
    { name: 'bastion', lines: 2 / 3, nodata: 0.5 },
  ];
  const { rows } = tableOf({ preset: 'quiet', records: 1000, interfaceMixes });
  expect(counts(rows)).toEqual({ nodata: 334, skipdata: 0, ok: 666, reject: 333 });
});

const web = [{ name: 'web', lines: 0.5, reject: 0.9 }];

test.each([
  [
    { interfaceMixes: [{ name: 'wbe', lines: 0.1 }] },
    '"wbe" is no interface of the preset. Did you mean "web"? Take one of load-balancer, gateway, ops, web, database, or one',
  ],
  [{ interfaceMixes: [{ name: 'web-7', lines: 0.1 }] }, '"web-7" is no interface of the preset.'],
  [{ interfaceMixes: [...web, { name: 'web-2', lines: 0.1 }] }, 'web-2 and web have an interface in common'],
  [
    {
      interfaceMixes: [
        { name: 'web', lines: 0.7 },
        { name: 'ops', lines: 0.4 },
      ],
    },
    'together they have 1.1 of the lines',
  ],
  [{ interfaceMixes: [{ name: 'web', lines: 0 }] }, 'web has 0 of the lines: give it more'],
  [{ interfaceMixes: [{ name: 'web', lines: 1.5 }] }, 'lines of web is 1.5; it must be from 0 to 1.'],
  [
    { interfaceMixes: [{ name: 'web', lines: 0.1, nodata: 0.6, skipdata: 0.6 }] },
    'nodata and skipdata of web together are 1.2',
  ],
  [
    { interfaceMixes: [{ name: 'web-1', lines: 0.1, nodata: 0.6 }] },
    'web-1 has traffic in each window, and so no NODATA',
  ],
  [
    { interfaceMixes: web, reject: 0.1 },
    'traffic.reject asks for 297 records of all interfaces together, but interfaceMixes alone ask for 1350',
  ],
  [{ interfaceMixes: web, reject: 0.99 }, 'but interfaceMixes leave no more than'],
  [{ interfaceMixes: web, ipv6: 0.1 }, 'shares of IPv6 or ICMP are given too'],
  [{ interfaceMixes: web, rejectedPorts: [{ port: 22, share: 0.1 }] }, 'interfaceMixes: rejectedPorts are given too'],
  [{ interfaceMixes: web, scope: 'subnet' }, 'the scope subnet has no roles'],
  [{ interfaceMixes: web, filter: 'accept' }, 'the filter "accept" writes one action alone'],
  [{ interfaceMixes: web, format: 'tgw' }, "the format is a transit gateway's"],
  [
    { interfaceMixes: [{ name: 'server', lines: 0.5 }], preset: 'guide' },
    'all 1 interfaces of guide are named, and 0.5 of the lines is left',
  ],
] as const)('mixes that cannot hold together are told: %j', (plan, message) => {
  expect(() => openCorpus(plan)).toThrow(message);
});
