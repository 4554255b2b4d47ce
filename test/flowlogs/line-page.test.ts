// A page writes what the line writer writes, whatever a flow holds: values that no preset draws included.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ipv6Address } from '../../src/flowlogs/addresses.ts';
import { parseFormat, type Format } from '../../src/flowlogs/formats.ts';
import { lineImage } from '../../src/flowlogs/line-image.ts';
import * as page from '../../src/flowlogs/line-page.ts';
import { attachmentIndex, planLines, type LinePlan } from '../../src/flowlogs/line-plan.ts';
import { LineWriter } from '../../src/flowlogs/line-writer.ts';
import { newFlow, type FieldValues, type Flow } from '../../src/flowlogs/preset.ts';
import { batchSize } from '../../src/flowlogs/shuffle.ts';
import { Texts } from '../../src/flowlogs/texts.ts';
import { WindowTexts } from '../../src/flowlogs/window-texts.ts';

const ipv6Prefixes = ['2600:1f18:3e00:1010:', '2a02:1:ffff:8:'];
const attachments = [{ 'attachment-id': 'tgw-attach-1' }, { 'attachment-id': 'tgw-attach-22' }];

/** Interfaces whose texts are of any length, around the sixteen bytes that are copied at once. */
function interfacesOf(count: number): FieldValues[] {
  return Array.from({ length: count }, (_, i) => ({
    'account-id': '123456789012'.slice(0, 1 + (i % 12)),
    'interface-id': `eni-${i}`,
    'subnet-id': 'subnet-0123456789abcdef0'.slice(0, 7 + (i % 17)),
    'interface-tag': 'a'.repeat((i % 20) * 5),
  }));
}

function planOf(format: string, interfaceCount: number): LinePlan {
  const world = {
    busy: interfacesOf(interfaceCount),
    idle: [],
    transitGateway: { values: {}, attachments },
    hasIpv6: true,
  };
  return planLines(parseFormat(format) as Format, world);
}

const anyNumber = fc.oneof(fc.nat(9), fc.nat(99_999), fc.nat(99_999_999));
const anyAddress = fc.oneof(
  fc.nat(0xffff_ffff),
  fc
    .tuple(fc.nat(1), fc.oneof(fc.integer({ min: 1, max: 0x1_0001 }), fc.nat(0xffff_ffff)))
    .map(([prefix, host]) => ipv6Address(prefix, host || 1)),
);
const addresses = {
  srcAddress: anyAddress,
  dstAddress: anyAddress,
  packetSrcAddress: anyAddress,
  packetDstAddress: anyAddress,
};
const anyFlow: fc.Arbitrary<Flow> = fc
  .record({
    ...addresses,
    isRejected: fc.boolean(),
    isEgress: fc.boolean(),
    interfaceIndex: fc.nat(3),
    srcPort: fc.nat(65_535),
    dstPort: fc.nat(65_535),
    protocol: fc.nat(255),
    packets: anyNumber,
    bytes: fc.oneof(fc.constant(-1), anyNumber, fc.nat(9_999_999_999)),
    tcpFlags: fc.integer({ min: -1, max: 63 }),
    encryptionStatus: fc.integer({ min: -1, max: 3 }),
    nextHopIndex: fc.integer({ min: -1, max: 3 }),
    type: fc.nat(2),
    trafficPath: fc.nat(8),
    srcService: fc.nat(20),
    dstService: fc.nat(20),
    rejectReason: fc.nat(2),
    windows: fc.integer({ min: 1, max: 10 }),
    srcAttachment: fc.nat(1),
    dstAttachment: fc.nat(1),
    lostNoRoute: anyNumber,
    lostBlackhole: anyNumber,
    lostMtuExceeded: anyNumber,
    lostTtlExpired: anyNumber,
  })
  .map((values) => ({ ...newFlow(), ...values }));

const custom =
  '${end} ${bytes} ${dstport} ${start} ${dstaddr} ${packets} ${srcaddr} ${srcport} ${protocol} ${action} ${version} ${subnet-id}';

test.for(['default', 'v11', 'tgw', custom])('a page writes the lines of a writer: %s', (format) => {
  const plan = planOf(format, 4);
  const image = lineImage(plan, new Texts(ipv6Prefixes))!;
  const windows = new WindowTexts({
    interfaces: [0, 7, 31, 59].map((anchorS) => ({ anchorS })),
    windowsMax: 10,
    gapS: (minute, anchor) => (minute * anchor) % 10,
  });
  const writer = new LineWriter({ plan, windows, ipv6Prefixes, attachmentCount: attachments.length });
  fc.assert(
    fc.property(fc.array(anyFlow, { minLength: 1, maxLength: 5 }), fc.nat(30_000_000), (flows, minute) => {
      windows.open(10 + minute);
      const expected = Buffer.alloc(flows.length * writer.lineSpaceBytes);
      const view = new DataView(expected.buffer, expected.byteOffset);
      let end = 0;
      for (const [i, flow] of flows.entries()) {
        end = writer.putFlow(view, end, flow);
        const row = batchSize - 1 - i;
        page.putRow(row, flow, windows.indexOf(flow));
        const { isEgress, srcAttachment, dstAttachment } = flow;
        page.putDetails(row, flow, attachmentIndex(attachments.length, isEgress, srcAttachment, dstAttachment));
        page.places[i] = row;
      }
      page.open(image, windows);
      const found = Buffer.alloc(3 + expected.length, '#');
      const behind = page.putLines(flows.length, found, 3);
      expect(found.toString('latin1', 0, behind)).toBe(`###${expected.toString('latin1', 0, end)}`);
      expect(found.subarray(behind).every((byte) => byte === 0x23)).toBe(true);
    }),
    { seed: 5, numRuns: 300 },
  );
});

test('there is no image of more texts than a page has room for', () => {
  expect(lineImage(planOf('v11', 300), new Texts([]))).toBeDefined();
  expect(lineImage(planOf('v11', 4000), new Texts([]))).toBeUndefined();
});
