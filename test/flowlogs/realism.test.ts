// Each marginal of the generated traffic beside the figure that was published for real traffic.

import { gzipSync } from 'node:zlib';

import { beforeAll, expect, test } from 'vitest';

import { randomSource } from '../../src/core/random.ts';
import { carryTcpFlow, carryUdpFlow } from '../../src/flowlogs/presets/carry.ts';
import { newConversation } from '../../src/flowlogs/presets/conversation.ts';
import { zipfRanks } from '../../src/flowlogs/presets/internet.ts';
import { openCorpus } from './read-lines.ts';
import { groupBy, share, tableOf, type Row } from './table.ts';

const percent = (items: readonly number[], upTo: number): number => 100 * share(items, (item) => item <= upTo);

// AGH University campus, 30 days, 4.03 billion flows (piotrjurkiewicz/flow-models, docs/tutorial.rst): TCP 53.85 %, UDP 43.09 %.
test('flows have as many packets and bytes as those of a campus, tails and all', () => {
  const random = randomSource(5);
  const conversation = newConversation(-1, 0);
  const packets: number[] = [];
  const bytes: number[] = [];
  for (let i = 0; i < 10_000; i++) {
    const isTcp = random.at(i, 1) / 2 ** 32 < 53.85 / (53.85 + 43.09);
    (isTcp ? carryTcpFlow : carryUdpFlow)(conversation, random.at(i));
    packets.push(conversation.forwardPackets, conversation.backwardPackets);
    bytes.push(conversation.forwardBytes, conversation.backwardBytes);
  }
  const packetTable = { 1: 47.83, 2: 65.34, 4: 74.89, 8: 84.13, 16: 90.58, 32: 94.34, 128: 97.74, 1024: 99.46 };
  for (const [upTo, published] of Object.entries(packetTable)) {
    expect(Math.abs(percent(packets, Number(upTo)) - published), `${upTo} packets`).toBeLessThan(2.5);
  }
  const byteTable = {
    128: 32.34,
    256: 56.87,
    512: 71.11,
    1024: 79.04,
    4096: 89.73,
    16384: 95.57,
    65536: 97.94,
    1048576: 99.62,
  };
  for (const [upTo, published] of Object.entries(byteTable)) {
    expect(Math.abs(percent(bytes, Number(upTo)) - published), `${upTo} bytes`).toBeLessThan(4.5);
  }
});

interface Scan {
  readonly protocol: string;
  readonly source: string;
  readonly port: string;
  readonly packets: number;
  readonly bytes: number;
}

/** A day of a public address, 28 lines a minute: what nobody asked for. What comes late for its connection to an open port is no scan. */
const day: { scans: readonly Scan[]; minutes: number } = { scans: [], minutes: 1440 };

beforeAll(() => {
  const corpus = openCorpus({ preset: 'guide', records: 28 * day.minutes, maxRecords: 10_000 });
  day.scans = corpus.objects.flatMap((object) =>
    Buffer.from(corpus.text(object))
      .toString('latin1')
      .split('\n')
      .filter((line) => line.endsWith(' REJECT OK'))
      .map((line): Scan => {
        const [, , , source, , , port, protocol, packets, bytes] = line.split(' ') as [string, ...string[]];
        return { protocol: protocol!, source: source!, port: port!, packets: Number(packets), bytes: Number(bytes) };
      })
      .filter(({ protocol, port }) => !(protocol === '6' && (port === '22' || port === '80'))),
  );
});

const packetsOf = (scans: readonly Scan[]): number => scans.reduce((sum, { packets }) => sum + packets, 0);

function byCount(scans: readonly Scan[], keyOf: (scan: Scan) => string): [key: string, packets: number][] {
  return [...groupBy(scans, keyOf)]
    .map(([key, of]): [string, number] => [key, packetsOf(of)])
    .toSorted(([, a], [, b]) => b - a);
}

// 26 sensors in AWS's Regions, May 2023 (ieee-dataport.org/documents/cloud-telescope-internet-background-radiation-may-2023): 27,000 packets
// for each address and day, 19 a minute; TCP 77.8 %, ICMP 14.1 %, UDP 8.1 % of them.
test('a public address hears 19 uninvited packets a minute, of the protocols that sensors heard', () => {
  const all = packetsOf(day.scans);
  expect(Math.abs(all / day.minutes - 19)).toBeLessThan(2);
  const shareOf = (protocol: string): number => packetsOf(day.scans.filter((scan) => scan.protocol === protocol)) / all;
  expect(Math.abs(shareOf('6') - 0.778)).toBeLessThan(0.02);
  expect(Math.abs(shareOf('1') - 0.141)).toBeLessThan(0.02);
  expect(Math.abs(shareOf('17') - 0.081)).toBeLessThan(0.02);
});

// One in a hundred sources sends over 81 % of the packets (arXiv 2605.02795). An address meets 1,500 scanners and 1,900 ports a day, and 64 %
// of the scanners were seen once, there in four months (unit42.paloaltonetworks.com/cloud-network-scanning-traffic).
test('scanners are as many and as uneven as those of a telescope and of a cloud, and so are their ports', () => {
  const tcp = day.scans.filter(({ protocol }) => protocol === '6');
  const sources = byCount(tcp, ({ source }) => source);
  expect(Math.abs(sources.length / 1500 - 1)).toBeLessThan(0.15);
  const top = sources.slice(0, Math.ceil(sources.length / 100)).reduce((sum, [, packets]) => sum + packets, 0);
  expect(top / packetsOf(tcp)).toBeGreaterThan(0.81);
  expect(Math.abs(share(sources, ([, packets]) => packets === 1) - 0.64)).toBeLessThan(0.05);
  const ports = new Set(day.scans.filter(({ port }) => port !== '0').map(({ port }) => port));
  expect(Math.abs(ports.size / 1900 - 1)).toBeLessThan(0.15);
});

// The sensors again: ports 23, 22, 80, 443 and 445 lead TCP's, 9000, 123 and 53 UDP's; and of the scans that Unit 42 saw 36 % were for SMB,
// Telnet and SSH.
test('scanners try the ports that sensors saw most, SMB, Telnet and SSH a third of the time', () => {
  // Two of its interfaces have no port open.
  const format = '${interface-tag} ${protocol} ${dstport} ${action} ${log-status}';
  const { rows } = tableOf({ format, records: 20_000, filter: 'reject', nodata: 0, skipdata: 0 });
  const closed = rows.filter((row) => row['interface-tag'] === 'gateway' || row['interface-tag'] === 'ops');
  const portsOf = (protocol: string): [port: string, rows: Row[]][] =>
    [
      ...groupBy(
        closed.filter((row) => row['protocol'] === protocol),
        (row) => row['dstport']!,
      ),
    ].toSorted(([, a], [, b]) => b.length - a.length);
  const tcp = portsOf('6');
  expect(new Set(tcp.slice(0, 5).map(([port]) => port))).toEqual(new Set(['23', '22', '80', '443', '445']));
  expect(
    new Set(
      portsOf('17')
        .slice(0, 3)
        .map(([port]) => port),
    ),
  ).toEqual(new Set(['9000', '123', '53']));
  const count = (ports: readonly string[]): number =>
    tcp.filter(([port]) => ports.includes(port)).reduce((sum, [, of]) => sum + of.length, 0);
  expect(Math.abs(count(['445', '23', '22']) / count(tcp.map(([port]) => port)) - 0.36)).toBeLessThan(0.03);
});

// Captured scans are one SYN of 40, 44, 52 or 60 bytes (SEKOIA-IO/automation-library, AWS/tests/connectors/s3/logs).
test('a scan is mostly one SYN, with more or fewer options', () => {
  const tcp = day.scans.filter(({ protocol }) => protocol === '6');
  expect(share(tcp, ({ packets }) => packets === 1)).toBeGreaterThan(0.9);
  expect(new Set(tcp.filter(({ packets }) => packets === 1).map(({ bytes }) => bytes))).toEqual(
    new Set([40, 44, 52, 60]),
  );
});

// Captured lines have 105 to 125 bytes, one with NODATA 82 (open-telemetry/opentelemetry-collector-contrib issue 38861 and others).
test('lines are as long as captured ones', () => {
  const corpus = openCorpus({ preset: 'web-vpc', records: 10_000, maxRecords: 10_000, nodata: 0.02 });
  const text = Buffer.from(corpus.text(corpus.objects[0]!));
  const lines = text.toString('latin1').trimEnd().split('\n').slice(1);
  const mean = (list: readonly string[]): number => list.reduce((sum, line) => sum + line.length + 1, 0) / list.length;
  const measured = lines.filter((line) => line.endsWith(' OK'));
  expect(mean(measured)).toBeGreaterThan(105);
  expect(mean(measured)).toBeLessThan(125);
  // One more than captured: the account there has 11 digits.
  expect(mean(lines.filter((line) => line.endsWith(' NODATA')))).toBe(82);
});

// AWS's own calculator takes flow logs to shrink to 15 % (dev.classmethod.jp/articles/compare-archive-cost-cloudwatchlogs-s3).
test('files shrink as AWS takes them to', () => {
  for (const preset of ['web-vpc', 'shared-vpc', 'guide']) {
    const corpus = openCorpus({ preset, records: 5000, maxRecords: 5000 });
    const texts = corpus.objects.map((object) => Buffer.from(corpus.text(object)));
    const sum = (of: (text: Buffer) => number): number => texts.reduce((total, text) => total + of(text), 0);
    expect(Math.abs(sum((text) => gzipSync(text).length) / sum((text) => text.length) - 0.15)).toBeLessThan(0.04);
  }
});

// Peak to mean 1.6 to 1.7, most to least 3 to 4 over a day (robustperception.io, "Do you know your peak-to-mean ratio?").
test('a day has a night: objects follow the curve', () => {
  const corpus = openCorpus({ preset: 'ipv6', records: 1_300_000, maxRecords: 10_000 });
  const slots = corpus.objects.slice(1, 289).map(({ lineCount }) => lineCount);
  expect(slots).toHaveLength(288);
  const meanLines = slots.reduce((sum, lines) => sum + lines, 0) / slots.length;
  expect(Math.max(...slots) / meanLines).toBeCloseTo(1.6, 1);
  expect(Math.max(...slots) / Math.min(...slots)).toBeGreaterThan(3);
  expect(Math.max(...slots) / Math.min(...slots)).toBeLessThanOrEqual(4);
});

// Of thousands of domains that call a web server a tenth makes three quarters of its usage or more: the tenth of the invariants that logs
// of six sites have in common (Arlitt and Williamson, IEEE/ACM Transactions on Networking 5(5), 1997, "Wide area usage").
test('a tenth of the networks that visitors come from brings three quarters of the visits', () => {
  const random = randomSource(7);
  for (const networks of [12_000, 60_000]) {
    const rankOf = zipfRanks(networks);
    const visits = new Map<number, number>();
    for (let i = 0; i < 400_000; i++) visits.set(rankOf(random.at(i)), (visits.get(rankOf(random.at(i))) ?? 0) + 1);
    const counts = [...visits.values()].toSorted((a, b) => b - a);
    expect(Math.min(...visits.keys())).toBe(0);
    expect(Math.max(...visits.keys())).toBeLessThan(networks);
    const top = counts.slice(0, Math.ceil(counts.length / 10)).reduce((sum, count) => sum + count, 0);
    expect(top / 400_000).toBeGreaterThan(0.75);
    expect(top / 400_000).toBeLessThan(0.9);
  }
});

test('a preset has its visitors from there: the first comes all the time, most hardly ever', () => {
  const { rows } = tableOf({
    preset: 'shared-vpc',
    format: '${srcaddr} ${dstport}',
    records: 20_000,
    reject: 0,
    nodata: 0,
    skipdata: 0,
  });
  const visits = rows.filter((row) => row['dstport'] === '443' && !/^(10|172)\./.test(row['srcaddr']!));
  const [first, second] = [...groupBy(visits, (row) => row['srcaddr']!).values()].toSorted(
    (a, b) => b.length - a.length,
  );
  // Zipf's law with exponent 1: the second comes half as often as the first; ln 2 of ln 20,000 visits are the first's.
  expect(Math.abs(first!.length / visits.length - Math.log(2) / Math.log(20_000))).toBeLessThan(0.03);
  expect(Math.abs(second!.length / first!.length - Math.log(3 / 2) / Math.log(2))).toBeLessThan(0.3);
});

test('a file mixes interfaces, as captured ones do', () => {
  for (const preset of ['web-vpc', 'nat-egress', 'shared-vpc']) {
    const { objects } = tableOf({ preset, records: 2000, maxRecords: 2000 });
    expect(new Set(objects[0]!.map((row) => row['interface-id'])).size).toBeGreaterThan(10);
  }
});
