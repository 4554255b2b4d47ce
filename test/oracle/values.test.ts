// The closed list of ways to write a value: what counts as intact, and what does not.

import { expect, test } from 'vitest';

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
  raw,
  type AttributeValue,
  type Sent,
} from './fixtures.ts';

/** Sends the line as flat columns with one column replaced. */
function sendWith(line: string, column: string, value: AttributeValue, name = column): Sent {
  const attributes: Record<string, AttributeValue> = { ...flat(line).attributes };
  delete attributes[column];
  return { attributes: { ...attributes, [name]: value } };
}

/** What the fourth of ten records says of the field when it arrives in that way. */
async function fateOf(values: Readonly<Record<string, string>>, column: string, value: AttributeValue, name?: string) {
  const lines = linesOf(10).map((line, i) => (i === 4 ? lineOf(4, values) : line));
  const sent = lines.map((line, i) => (i === 4 ? sendWith(line, column, value, name) : flat(line)));
  const { tally } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(sent, 4) });
  return tally.delivered === 10 ? 'intact' : tally.altered === 1 ? 'altered' : tally;
}

test.each<[string, string, AttributeValue, string?]>([
  ['srcport', '443', 443n],
  ['srcport', '443', 443],
  ['srcport', '0', 0n],
  ['bytes', '9223372036854775807', 9223372036854775807n],
  ['bytes', '9007199254740993', 9007199254740993n],
  ['bytes', '9007199254740993', '9007199254740993'],
  ['bytes', '2147483648', 2147483648],
  ['account-id', '123456789012', 123456789012n],
  ['account-id', 'unknown', 'unknown'],
  ['protocol', '6', 'tcp', 'network.protocol.name'],
  ['protocol', '6', 'TCP'],
  ['protocol', '58', 'ipv6-icmp'],
  ['protocol', '253', '253', 'network.protocol.name'],
  ['start', '1767225600', 1767225600n],
  ['start', '1767225600', 1767225600],
  ['start', '1767225600', '1767225600000'],
  ['start', '1767225600', 1767225600000],
  ['start', '1767225600', 1767225600000000n],
  ['end', '1767225600', 1767225600000000000n],
  ['action', '-', null],
  ['srcaddr', '10.0.0.9', '10.0.0.9', 'aws.flow.src_addr.srcaddr'],
  ['log-status', 'OK', 'OK', 'log_status'],
  ['log-status', 'OK', 'OK', 'vpc.log_status'],
])('%s %s is intact as %s under %s', async (column, value, sent, name) => {
  expect(await fateOf({ [column]: value }, column, sent, name)).toBe('intact');
});

test.each<[string, string, AttributeValue, string?]>([
  ['bytes', '9007199254740993', 9007199254740992],
  ['account-id', '000012345678', 12345678n],
  ['srcport', '443', '443.0'],
  ['srcport', '443', '0443'],
  ['protocol', '6', 'udp'],
  ['protocol', '6', 'Tcp'],
  ['action', 'ACCEPT', 'accept'],
  ['action', '-', ''],
  ['srcport', '0', null],
  ['start', '1767225600', '1767225600001'],
  ['start', '1767225600', '2026-01-01T00:00:00Z'],
  ['srcaddr', '10.0.0.9', '10.0.0.9 '],
  ['log-status', 'OK', true],
])('%s %s is altered as %s', async (column, value, sent, name) => {
  expect(await fateOf({ [column]: value }, column, sent, name)).toBe('altered');
});

test('under OpenTelemetry’s names the case of type and the words of flow-direction are theirs', async () => {
  const fields = [...defaultFields, 'type', 'flow-direction'];
  const lines = linesOf(6).map((line, i) => `${line} ${i % 2 === 0 ? 'IPv4 ingress' : 'IPv6 egress'}`);
  const send = (line: string): Sent => {
    const sent = otlp(line);
    const [type, direction] = line.split(' ').slice(-2) as [string, string];
    const words = {
      'network.type': type.toLowerCase(),
      'network.io.direction': direction === 'ingress' ? 'receive' : 'transmit',
    };
    return { ...sent, attributes: { ...sent.attributes, ...words } };
  };
  const judgement = await judged({ corpus: corpusOf([{ lines, fields }]), deliveries: batches(lines.map(send), 6) });
  expect(judgement.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(judgement.mapping).toMatchObject({
    type: 'network.type',
    'flow-direction': 'network.io.direction',
    end: 'timestamp',
  });
});

test('a name that fits another field of AWS’s is never cut down to a shorter one', async () => {
  const lines = linesOf(8);
  const sent = lines.map((line): Sent => {
    const { attributes } = flat(line);
    return {
      resource: { 'telemetry.sdk.version': '1.30.0', 'service.version': '7' },
      attributes: {
        'pkt-srcaddr': '9.9.9.9',
        'vpc.pkt_dstaddr': '8.8.8.8',
        'tgw-src-vpc-account-id': '1',
        ...attributes,
      },
    };
  });
  const judgement = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(sent, 8) });
  expect(judgement.verdict.validity).toBe('pass');
  expect(judgement.mapping).toMatchObject({ srcaddr: 'srcaddr', version: 'version', 'account-id': 'account-id' });
});

test('body and attributes must agree where both carry a field', async () => {
  const lines = linesOf(12);
  const sent = lines.map((line, i): Sent => ({
    ...otlp(line),
    body: i === 5 ? line.replace(` ${line.split(' ')[9]!} `, ' 77 ') : line,
  }));
  const { tally, verdict } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(sent, 12) });
  expect(tally).toMatchObject({ delivered: 11, altered: 1, missing: 0, unexpected: 0 });
  expect(verdict.findings[0]!.witnesses[0]!.note).toBe('bytes: 55 arrived as 55 in the attributes and 77 in the body');
});

test('a body that is some other text is no contradiction', async () => {
  const lines = linesOf(5);
  const words = 'fourteen words stand in this message and none of them is of a record';
  const sent = lines.map((line): Sent => ({ ...otlp(line), body: words }));
  const { verdict } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(sent, 5) });
  expect(words.split(' ')).toHaveLength(14);
  expect(verdict).toEqual({ validity: 'pass', findings: [] });
});

test('the record’s timestamp stands for nothing where an attribute holds end', async () => {
  const lines = [...linesOf(9), '2 123456789012 eni-1235b8ca - - - - - - - 1767225600 - - NODATA'];
  const sent = lines.map((line): Sent => {
    const { end, ...rest } = flat(line).attributes!;
    return { attributes: end === '-' ? rest : { ...rest, end: end! }, timestampMs: 1_800_000_000_000 };
  });
  const { verdict } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(sent, 3) });
  expect(verdict).toEqual({ validity: 'pass', findings: [] });
});

test('a timestamp stands for start where the forwarder drops end', async () => {
  const lines = linesOf(9);
  const sent = lines.map((line): Sent => {
    const { end: _, start, ...rest } = flat(line).attributes!;
    return { attributes: rest, timestampMs: Number(start) * 1000 };
  });
  const fields = { dropped: ['end'], masked: [], added: 'any' } as const;
  const judgement = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(sent, 3), promises: { fields } });
  expect(judgement.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(judgement.mapping['start']).toBe('timestamp');
});

test('tabs, doubled spaces and a CR are the same canonical line, as is a cut line by position', async () => {
  const lines = [
    lineOf(0),
    lineOf(1).replace(' ', '\t'),
    `${lineOf(2)}\r`,
    lineOf(3).replace(' OK', '  OK'),
    `${lineOf(4)} more`,
  ];
  const sent = [lineOf(0), lineOf(1), lineOf(2), lineOf(3), `${lineOf(4)} more`];
  const { tally } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(sent.map(raw), 2) });
  expect(tally).toMatchObject({ expected: 5, delivered: 5, unexpected: 0 });
});

test('invalid UTF-8 in a file arrives as U+FFFD', async () => {
  const corpus = corpusOf([{ lines: [lineOf(0), lineOf(1, { action: 'A\u00ff' })] }]);
  const broken = {
    ...corpus,
    scan: (...[object, visit]: Parameters<typeof corpus.scan>) =>
      corpus.scan(object, (bytes, start, end, line) => {
        // The second byte of ÿ goes: what is left is no UTF-8.
        const own = [...bytes.subarray(start, end)].filter((byte) => byte !== 0xbf);
        visit(Uint8Array.from(own), 0, own.length, line);
      }),
  };
  const sent = [lineOf(0), lineOf(1, { action: 'A\ufffd' })];
  const { tally } = await judged({ corpus: broken, deliveries: batches(sent.map(flat), 2) });
  expect(tally.delivered).toBe(2);
});

test('objects of different formats share one ledger', async () => {
  const short = ['interface-id', 'srcaddr', 'bytes', 'start', 'end'];
  const other = [...short].toReversed();
  const shortLines = ['eni-1 10.0.0.1 5 1767225600 1767225660', 'eni-2 10.0.0.2 6 1767225600 1767225660'];
  const otherLines = shortLines.map((line) => line.replace('eni-', 'eni-a').split(' ').toReversed().join(' '));
  const corpus = corpusOf([
    { lines: linesOf(3) },
    { lines: shortLines, fields: short },
    { lines: otherLines, fields: other },
    { lines: [emptyLine('NODATA')] },
  ]);
  const sent = [...linesOf(3), ...shortLines, ...otherLines, emptyLine('NODATA')].map(raw);
  const { tally, verdict } = await judged({ corpus, deliveries: batches(sent, 8) });
  expect(tally.delivered).toBe(8);
  expect(verdict.validity).toBe('pass');
});

test('a middle layer’s address is told from the packet’s, whichever side it is on', async () => {
  const fields = ['interface-id', 'srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr', 'start', 'flow-direction'];
  const lines = [
    'eni-1 10.0.0.1 10.0.0.9 10.0.0.1 203.0.113.5 1767225600 ingress',
    'eni-1 10.0.0.9 203.0.113.5 10.0.0.1 203.0.113.5 1767225600 egress',
    'eni-1 10.0.0.2 10.0.0.3 10.0.0.2 10.0.0.3 1767225600 egress',
    'eni-1 10.0.0.8 10.0.0.9 10.0.0.1 203.0.113.5 1767225600 egress',
  ];
  const send = (line: string): Sent => {
    const [eni, seenSource, seenTarget, source, target, start, direction] = line.split(' ') as string[];
    const attributes: Record<string, AttributeValue> = {
      'network.interface.name': eni!,
      'source.address': source!,
      'destination.address': target!,
      'aws.vpc.flow.start': BigInt(start!),
      'network.io.direction': direction === 'ingress' ? 'receive' : 'transmit',
    };
    if (seenSource !== source) attributes['network.local.address'] = seenSource!;
    if (seenTarget !== target)
      attributes[seenSource === source ? 'network.local.address' : 'aws.vpc.flow.dstaddr'] = seenTarget!;
    return { attributes };
  };
  const corpus = corpusOf([{ lines, fields }]);
  const { verdict } = await judged({ corpus, deliveries: [{ records: lines.map(send) }] });
  expect(verdict).toEqual({ validity: 'pass', findings: [] });
  const withBody = lines.map((line) => ({ ...send(line), body: line }));
  expect((await judged({ corpus, deliveries: [{ records: withBody }] })).verdict.validity).toBe('pass');
});

test('any prefix that the fields share is the forwarder’s own', async () => {
  const lines = linesOf(6);
  for (const prefix of ['log.', 'aws.vpcflow.', 'vpc/', 'flow_']) {
    const sent = lines.map((line): Sent => {
      const own = Object.entries(flat(line).attributes!).map(([name, value]) => [
        prefix + name.replaceAll('-', '_'),
        value,
      ]);
      return { attributes: { 'service.version': '1.2', ...(Object.fromEntries(own) as Record<string, string>) } };
    });
    const { verdict, mapping } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(sent, 6) });
    expect([verdict.validity, mapping['version'], mapping['log-status']]).toEqual([
      'pass',
      `${prefix}version`,
      `${prefix}log_status`,
    ]);
  }
});
