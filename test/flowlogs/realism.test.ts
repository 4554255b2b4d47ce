// Each marginal of the generated traffic beside the figure that was published for real traffic.

import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { randomSource } from '../../src/core/random.ts';
import { carryTcpFlow, carryUdpFlow } from '../../src/flowlogs/presets/carry.ts';
import { newConversation } from '../../src/flowlogs/presets/conversation.ts';
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

const scans = (): readonly Row[] =>
  tableOf({ preset: 'guide', format: 'v3', records: 15_000, filter: 'reject' }).rows.filter(
    // What comes late for its connection is no scan.
    (row) => row['log-status'] === 'OK' && !(row['protocol'] === '6' && ['22', '80'].includes(row['dstport']!)),
  );

// 26 sensors in AWS's Regions (ieee-dataport.org, Cloud Telescope, May 2023): TCP 77.8 %, ICMP 14.1 %, UDP 8.1 %; ports 23, 22, 80,
// 443 and 445 lead TCP's, 9000, 123 and 53 UDP's. One in a hundred sources sends over 81 % (arXiv 2605.02795).
test('background radiation has the protocols, ports, sizes and sources of the sensors', () => {
  const rows = scans();
  const of = (protocol: string): readonly Row[] => rows.filter((row) => row['protocol'] === protocol);
  expect(Math.abs(of('6').length / rows.length - 0.778)).toBeLessThan(0.03);
  expect(Math.abs(of('1').length / rows.length - 0.141)).toBeLessThan(0.02);
  expect(Math.abs(of('17').length / rows.length - 0.081)).toBeLessThan(0.015);
  const byPort = (protocol: string): string[] =>
    [...groupBy(of(protocol), (row) => row['dstport']!)]
      .toSorted(([, a], [, b]) => b.length - a.length)
      .map(([port]) => port);
  // 22 and 80 are open here.
  expect(new Set(byPort('6').slice(0, 5))).toEqual(new Set(['23', '443', '445', '8080', '3389']));
  expect(new Set(byPort('17').slice(0, 4))).toEqual(new Set(['9000', '123', '53', '5060']));
  const single = of('6').filter((row) => row['packets'] === '1');
  expect(single.length / of('6').length).toBeGreaterThan(0.9);
  expect(new Set(single.map((row) => row['bytes']))).toEqual(new Set(['40', '44', '52', '60']));
  const sources = [...groupBy(of('6'), (row) => row['srcaddr']!).values()].map(({ length }) => length);
  sources.sort((a, b) => b - a);
  const top = sources.slice(0, Math.ceil(sources.length / 100)).reduce((sum, count) => sum + count, 0);
  expect(top / of('6').length).toBeGreaterThan(0.75);
});

// The same sensors: 27,000 packets for each address and day, 19 a minute.
test('a public address hears about 19 uninvited packets a minute, and most of what it hears is uninvited', () => {
  const { rows } = tableOf({ preset: 'guide', records: 4000 });
  const minutes = new Set(rows.map((row) => Math.floor(Number(row['end']) / 60))).size;
  const rejected = rows.filter((row) => row['action'] === 'REJECT');
  expect(rejected.length / minutes).toBeGreaterThan(15);
  expect(rejected.length / minutes).toBeLessThan(23);
  expect(rejected.length / rows.length).toBeGreaterThan(0.5);
});

// Captured lines have 105 to 125 bytes, one with NODATA 82 (open-telemetry/opentelemetry-collector-contrib issue 38861 and others).
test('lines are as long as captured ones, and compress as well', () => {
  const corpus = openCorpus({ preset: 'web-vpc', records: 10_000, maxRecords: 10_000, nodata: 0.02 });
  const text = Buffer.from(corpus.text(corpus.objects[0]!));
  const lines = text.toString('latin1').trimEnd().split('\n').slice(1);
  const mean = (list: readonly string[]): number => list.reduce((sum, line) => sum + line.length + 1, 0) / list.length;
  const measured = lines.filter((line) => line.endsWith(' OK'));
  expect(mean(measured)).toBeGreaterThan(105);
  expect(mean(measured)).toBeLessThan(125);
  // One more than captured: the account there has 11 digits.
  expect(mean(lines.filter((line) => line.endsWith(' NODATA')))).toBe(82);
  const bytesPerRecord = gzipSync(text, { level: 6 }).length / lines.length;
  expect(bytesPerRecord).toBeGreaterThan(15);
  expect(bytesPerRecord).toBeLessThan(32);
});

// Peak to mean 1.6 to 1.7, most to least 3 to 4 over a day (robustperception.io, "Do you know your peak-to-mean ratio?").
test('a day has a night: objects follow the curve', () => {
  const corpus = openCorpus({ preset: 'ipv6', records: 1_300_000, maxRecords: 10_000 });
  const day = corpus.objects.slice(1, 289).map(({ lineCount }) => lineCount);
  expect(day).toHaveLength(288);
  const meanLines = day.reduce((sum, lines) => sum + lines, 0) / day.length;
  expect(Math.max(...day) / meanLines).toBeCloseTo(1.6, 1);
  expect(Math.max(...day) / Math.min(...day)).toBeGreaterThan(3);
  expect(Math.max(...day) / Math.min(...day)).toBeLessThan(4.1);
});

// A tenth of the talkers brings most of the traffic (Zipf).
test('a few visitors come all the time, and most hardly ever', () => {
  const { rows } = tableOf({ preset: 'shared-vpc', records: 10_000, reject: 0 });
  const visits = rows.filter((row) => row['dstport'] === '443' && !/^(10|172)\./.test(row['srcaddr']!));
  const visitors = [...groupBy(visits, (row) => row['srcaddr']!).values()].map(({ length }) => length);
  visitors.sort((a, b) => b - a);
  const top = visitors.slice(0, Math.ceil(visitors.length / 10)).reduce((sum, count) => sum + count, 0);
  expect(top / visits.length).toBeGreaterThan(0.35);
  expect(share(visitors, (count) => count === 1)).toBeGreaterThan(0.5);
});

test('a file mixes interfaces, as captured ones do', () => {
  for (const preset of ['web-vpc', 'nat-egress', 'shared-vpc']) {
    const { objects } = tableOf({ preset, records: 2000, maxRecords: 2000 });
    expect(new Set(objects[0]!.map((row) => row['interface-id'])).size).toBeGreaterThan(10);
  }
});
