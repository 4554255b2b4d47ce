import { beforeAll, expect, test } from 'vitest';

import { randomSource } from '../../src/core/random.ts';
import type { GeneratedCorpus } from '../../src/flowlogs/corpus.ts';
import { namedHosts, publicAddress } from '../../src/flowlogs/presets/internet.ts';
import { webVpc } from '../../src/flowlogs/presets/web-vpc.ts';
import { openCorpus } from './read-lines.ts';

interface Parsed {
  readonly interfaceId: string;
  readonly srcaddr: string;
  readonly dstaddr: string;
  readonly ports: string;
  readonly protocol: string;
  readonly packets: number;
  readonly bytes: number;
  readonly start: number;
  readonly end: number;
  readonly action: string;
  readonly status: string;
}

const recordCount = 50_000;

/** Everything about 50,000 records is looked at; making them once is enough. */
const shared: { corpus: GeneratedCorpus; objects: readonly (readonly Parsed[])[]; records: readonly Parsed[] } = {
  corpus: openCorpus({ records: recordCount, maxRecords: 10_000 }),
  objects: [],
  records: [],
};

beforeAll(() => {
  shared.objects = shared.corpus.objects.map((object) =>
    Buffer.from(shared.corpus.text(object)).toString('latin1').trimEnd().split('\n').slice(1).map(parse),
  );
  shared.records = shared.objects.flat();
});

function parse(line: string): Parsed {
  const [, , interfaceId, srcaddr, dstaddr, srcport, dstport, protocol, packets, bytes, start, end, action, status] =
    line.split(' ') as [string, ...string[]];
  return {
    interfaceId: interfaceId!,
    srcaddr: srcaddr!,
    dstaddr: dstaddr!,
    ports: `${srcport} ${dstport}`,
    protocol: protocol!,
    packets: Number(packets),
    bytes: Number(bytes),
    start: Number(start),
    end: Number(end),
    action: action!,
    status: status!,
  };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

test('200,000 records fill 20 objects of 10,000', () => {
  const { objects } = openCorpus({ records: 200_000, maxRecords: 10_000 });
  expect(objects.map(({ lineCount }) => lineCount)).toEqual(Array(20).fill(10_000));
  expect(objects.map(({ lineFirst }) => lineFirst)).toEqual(Array.from({ length: 20 }, (_, i) => i * 10_000));
});

test.for([700, 3000, 10_000, 50_000])(
  'one flow of 2^31 bytes or more in each 10,000 records, %i in a file',
  (maxRecords) => {
    const corpus = openCorpus({ records: recordCount, maxRecords });
    const big = corpus.objects
      .flatMap((object) => Buffer.from(corpus.text(object)).toString('latin1').trimEnd().split('\n').slice(1))
      .flatMap((line, i) => (parse(line).bytes >= 2 ** 31 ? [Math.floor(i / 10_000)] : []));
    expect(big).toEqual([0, 1, 2, 3, 4]);
  },
);

test('a corpus of a few records has its big flow too', () => {
  const corpus = openCorpus({ records: 20 });
  const lines = Array.from({ length: 20 }, (_, i) => parse(corpus.record(i)));
  expect(lines.filter(({ bytes }) => bytes >= 2 ** 31)).toHaveLength(1);
});

test('TCP, UDP and ICMP are there, accepted and rejected', () => {
  const kinds = new Set(shared.records.filter(({ status }) => status === 'OK').map((r) => `${r.protocol} ${r.action}`));
  expect([...kinds].toSorted()).toEqual(['1 ACCEPT', '1 REJECT', '17 ACCEPT', '17 REJECT', '6 ACCEPT', '6 REJECT']);
});

test('an interface in a window has one start and one end for all its records, at most 60 s apart', () => {
  expect(shared.records.filter(({ start, end }) => end - start < 50 || end - start > 60)).toEqual([]);
  const windows = groupBy(shared.records, ({ interfaceId, end }) => `${interfaceId} ${Math.floor(end / 60)}`);
  const torn = [...windows.values()].filter((records) => new Set(records.map((r) => `${r.start} ${r.end}`)).size > 1);
  expect(torn).toEqual([]);
  const ends = new Set(shared.records.map(({ end }) => end % 60));
  expect(ends.size).toBeGreaterThan(20);
});

test('windows of one interface follow each other without overlap', () => {
  const byInterface = groupBy(shared.records, ({ interfaceId }) => interfaceId);
  for (const records of byInterface.values()) {
    const windows = [...new Map(records.map(({ start, end }) => [start, end]))].toSorted(([a], [b]) => a - b);
    for (const [i, [start]] of windows.entries()) if (i > 0) expect(start).toBeGreaterThanOrEqual(windows[i - 1]![1]);
  }
});

test('no window begins before the start of the corpus, and every end lies in the slot of its file', () => {
  for (const startMs of [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 28, 23, 58, 12, 345), 0]) {
    const corpus = openCorpus({ records: 3000, maxRecords: 300, startMs });
    const astray = Array.from({ length: 3000 }, (_, i) => parse(corpus.record(i))).filter(({ start, end }, i) => {
      const { slotEndMs } = corpus.objects[Math.floor(i / 300)]!;
      return start * 1000 < startMs || end * 1000 < slotEndMs - 300_000 || end * 1000 >= slotEndMs;
    });
    expect(astray).toEqual([]);
  }
});

test('a flow inside the VPC is told alike by the interfaces at both ends, and in both directions', () => {
  // A NAT gateway tells its own half of what instances send through it, under its own address.
  const isInside = ({ ports, srcaddr, dstaddr }: Parsed): boolean =>
    srcaddr.startsWith('10.') && dstaddr.startsWith('10.') && !/^443 | 443$/.test(ports);
  for (const records of shared.objects) {
    const inside = records.filter((r) => r.protocol === '6' && r.action === 'ACCEPT' && isInside(r));
    const seenBy = groupBy(inside, (r) => `${r.srcaddr} ${r.dstaddr} ${r.ports} ${r.packets} ${r.bytes}`);
    const lonely = [...seenBy].filter(([, views]) => new Set(views.map((v) => v.interfaceId)).size < 2);
    // The last group of each batch of 1,024 lines may be incomplete: the rest stood in another file of the slot.
    expect(lonely.length).toBeLessThan(inside.length / 100);
    const flows = new Set([...seenBy.keys()].map((flow) => flow.split(' ').slice(0, 4).join(' ')));
    const oneWay = [...flows].filter((flow) => {
      const [src, dst, from, to] = flow.split(' ');
      return !flows.has(`${dst} ${src} ${to} ${from}`);
    });
    expect(oneWay.length).toBeLessThan(flows.size / 50);
  }
});

test('what is rejected comes from outside to the four public interfaces, mostly one packet', () => {
  const rejected = shared.records.filter(({ action }) => action === 'REJECT');
  expect(new Set(rejected.map(({ interfaceId }) => interfaceId)).size).toBe(4);
  expect(rejected.every(({ srcaddr, dstaddr }) => !srcaddr.startsWith('10.') && dstaddr.startsWith('10.'))).toBe(true);
  expect(rejected.filter(({ packets }) => packets === 1).length / rejected.length).toBeGreaterThan(0.75);
});

test('an interface with NODATA has no traffic in that window', () => {
  const busy = new Set(
    shared.records.filter(({ status }) => status === 'OK').map((r) => `${r.interfaceId} ${r.start}`),
  );
  const idle = shared.records.filter(({ status }) => status === 'NODATA').map((r) => `${r.interfaceId} ${r.start}`);
  expect(idle.filter((window) => busy.has(window))).toEqual([]);
  expect(new Set(idle).size / idle.length).toBeGreaterThan(0.95);
});

test('sizes are heavy-tailed: half of the flows are small, and one in a hundred carries most of the bytes', () => {
  const sizes = shared.records.flatMap(({ status, bytes }) => (status === 'OK' && bytes < 2 ** 31 ? [bytes] : []));
  sizes.sort((a, b) => a - b);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const top = sizes.slice(Math.floor(sizes.length * 0.99)).reduce((sum, size) => sum + size, 0);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThan(1500);
  expect(top / total).toBeGreaterThan(0.6);
});

test('equal lines are rare: a record is one of each 5-tuple in a window', () => {
  const flows = shared.records.map((record) => JSON.stringify(record));
  expect(1 - new Set(flows).size / flows.length).toBeLessThan(0.002);
});

test('interfaces have distinct addresses and ids', () => {
  for (let seed = 0; seed < 50; seed++) {
    const { interfaces } = webVpc.open(randomSource(seed), {
      aggregationMinutes: 1,
      scope: 'vpc',
      recorder: 'vpc',
      interfaces: undefined,
    })[0]!;
    expect(new Set(interfaces.map(({ address }) => address)).size).toBe(interfaces.length);
    expect(new Set(interfaces.map(({ interfaceId }) => interfaceId)).size).toBe(interfaces.length);
  }
});

test('hosts on the internet have names, and the name decides the address', () => {
  const hosts = namedHosts(48, randomSource(42));
  expect(hosts).toEqual(namedHosts(48, randomSource(42)));
  for (const { name } of hosts) expect(name).toMatch(/^api\.[a-z0-9-]+\.[a-z]+$/);
});

test('strangers never come from private, loopback, test or multicast ranges', () => {
  const random = randomSource(1);
  for (let i = 0; i < 5000; i++) {
    const octets = [24, 16, 8, 0].map((shift) => (publicAddress(random.at(i)) >>> shift) & 255);
    expect([0, 10, 100, 127, 169, 172, 192, 198, 203]).not.toContain(octets[0]);
    expect(octets[0]).toBeLessThan(224);
    expect(octets[3]! % 255).toBeGreaterThan(0);
  }
});
