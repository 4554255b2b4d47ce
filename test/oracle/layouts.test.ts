// Where forwarders put fields: nested JSON in the body, and whatever a declared layout says.

import { expect, test } from 'vitest';

import { builtinPromises, type Layout } from '../../src/oracle/index.ts';
import {
  batches,
  corpusOf,
  defaultFields,
  emptyLine,
  flat,
  judged,
  lineOf,
  linesOf,
  raw,
  type Case,
  type Sent,
} from './fixtures.ts';

const lines = [...linesOf(30), emptyLine('NODATA')];
const corpus = corpusOf([{ lines }]);

function valuesOf(line: string): Record<string, string> {
  return Object.fromEntries(line.split(' ').map((token, i) => [defaultFields[i]!, token]));
}

const asNumber = (token: string): string | number => (/^\d{1,11}$/.test(token) ? Number(token) : token);

/** Members below `aws.vpc`, `-` left out, numbers as numbers. */
function nested(line: string, more: object = {}): Sent {
  const present = Object.entries(valuesOf(line)).filter(([, token]) => token !== '-');
  const vpc = Object.fromEntries(
    present.map(([name, token]) => [name.replaceAll('-', '_'), name === 'account-id' ? token : asNumber(token)]),
  );
  return { body: JSON.stringify({ ddsource: 'vpc', aws: { vpc }, ...more }) };
}

/** Datadog's: the raw line as the message of a JSON object. */
function message(line: string): Sent {
  return {
    body: JSON.stringify({ ddsource: 'vpc', ddtags: 'env:test,forwardername:vpc', message: line, service: 'vpc' }),
  };
}

async function judge(send: (line: string) => Sent, given: Partial<Case> = {}) {
  const { tally, verdict, layout } = await judged({ corpus, deliveries: batches(lines.map(send), 10), ...given });
  return { tally, layout, findings: verdict.findings.map(({ id }) => id) };
}

test.each<[string, (line: string) => Sent, string]>([
  ['members of a JSON object in the body', nested, 'body.aws.vpc.srcaddr'],
  ['a raw line in a JSON object in the body', message, 'body'],
  ['an object around both', (line) => nested(line, { message: line }), 'body.aws.vpc.srcaddr'],
  ['attributes beside a JSON body', (line) => ({ ...nested(line), ...flat(line) }), 'srcaddr'],
])('%s are found by their names', async (_, send, name) => {
  const { tally, layout, findings } = await judge(send);
  expect(findings).toEqual([]);
  expect(tally).toMatchObject({ expected: 31, delivered: 31 });
  expect(layout.fields.find(({ field }) => field === 'srcaddr')!.names[0]).toBe(name);
});

test('a member of a JSON body that is altered is named by its field', async () => {
  const { tally, layout } = await judge((line) => nested(line.replace(/ ACCEPT /, ' accept ')));
  expect(tally.altered).toBeGreaterThan(20);
  expect(layout.fields.find(({ field }) => field === 'action')).toMatchObject({ kinds: { case: tally.altered } });
});

test('an attribute and a member of the body that disagree alter the record', async () => {
  const { tally, layout } = await judge((line) => {
    return { ...nested(line === lines[3] ? line.replace(/ 49 /, ' 50 ') : line), ...flat(line) };
  });
  expect(tally).toMatchObject({ delivered: 30, altered: 1 });
  expect(layout.fields.find(({ field }) => field === 'bytes')!.kinds).toEqual({ contradicted: 1 });
});

test('numbers beyond a double stay exact in a JSON body', async () => {
  const line = lineOf(1, { bytes: '9007199254740993' });
  const own = corpusOf([{ lines: [line] }]);
  const body = (bytes: string): Sent => ({ body: nested(line).body!.replace('"9007199254740993"', bytes) });
  const exact = await judged({ corpus: own, deliveries: [{ records: [body('9007199254740993')] }] });
  expect(exact.tally).toMatchObject({ delivered: 1 });
  const rounded = await judged({ corpus: own, deliveries: [{ records: [body('9007199254740992')] }] });
  expect(rounded.tally).toMatchObject({ altered: 1 });
});

test.each<[string, Sent]>([
  ['cut JSON', { body: '{"srcaddr": "10.0.0.1", "dstad' }],
  ['an empty object', { body: '{}' }],
  ['an object of lists, nothing and truth', { body: '{"srcaddr": [1, 2], "dstaddr": null, "srcport": true}' }],
  ['an object in an object, ten thousand times', { body: `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}` }],
])('%s in the body is unexpected, and no exception', async (_, sent) => {
  const records = [...lines.map(flat), sent];
  expect((await judged({ corpus, deliveries: [{ records }] })).tally).toMatchObject({ delivered: 31, unexpected: 1 });
});

const own: Layout = {
  version: 1,
  fields: {
    version: 'attributes.v',
    'account-id': 'resource.owner',
    'interface-id': 'attributes.nic',
    srcaddr: 'body.from.ip',
    dstaddr: 'body.to.ip',
    srcport: 'body.from.port',
    dstport: 'body.to.port',
    protocol: 'attributes.proto',
    packets: 'attributes.count',
    bytes: 'attributes.size',
    start: 'attributes.began',
    end: 'timestamp',
    action: 'attributes.verdict',
    'log-status': 'attributes.state',
  },
  anyCase: ['action', 'log-status'],
};

function ownWay(line: string): Sent {
  const values = valuesOf(line);
  const [fromIp, toIp] = [values['srcaddr']!, values['dstaddr']!];
  return {
    resource: { owner: values['account-id']! },
    attributes: {
      v: 2n,
      nic: values['interface-id']!,
      proto: values['protocol']!,
      count: values['packets']!,
      size: values['bytes']!,
      began: values['start']!,
      verdict: values['action']!.toLowerCase(),
      state: values['log-status']!.toLowerCase(),
      // No place of the layout: whatever it says.
      srcaddr: 'of the forwarder',
    },
    body: JSON.stringify({ from: { ip: fromIp, port: values['srcport'] }, to: { ip: toIp, port: values['dstport'] } }),
    timestampMs: Number(values['end']) * 1000,
  };
}

test('a declared layout finds fields in the places that it names, and in no other', async () => {
  const { findings, layout, tally } = await judge(ownWay, { promises: { ...builtinPromises, layout: own } });
  expect(findings).toEqual([]);
  expect(tally).toMatchObject({ expected: 31, delivered: 31 });
  expect(layout).toMatchObject({ source: 'declared', explained: 31 });
  expect(layout.fields.map(({ names }) => names[0])).toEqual(Object.values(own.fields));
});

test('a declared layout allows other capitals only where it says so', async () => {
  const { anyCase: _, ...strict } = own;
  const { tally, layout } = await judge(ownWay, { promises: { ...builtinPromises, layout: strict } });
  expect(tally).toMatchObject({ delivered: 0, altered: 31 });
  expect(layout.fields.find(({ field }) => field === 'action')!.kinds).toEqual({ case: 30 });
});

test.each(['attributes.log', 'body.log.original', 'body'])(
  'the raw line is read from %s where a layout says so',
  async (place) => {
    const send = (line: string): Sent => {
      if (place === 'body') return { body: line, attributes: { srcaddr: 'of the forwarder' } };
      return place === 'attributes.log'
        ? { body: 'a flow', attributes: { log: line } }
        : { body: JSON.stringify({ note: line.replace('10.0', '10.9'), log: { original: line } }) };
    };
    const layout: Layout = { version: 1, fields: {}, line: place };
    expect((await judge(send, { promises: { ...builtinPromises, layout } })).findings).toEqual([]);
  },
);

test('what does not fit a declared layout is the forwarder’s fault, and what fits no known one is nobody’s yet', async () => {
  const strange = (line: string): Sent => ({ attributes: { data: line, other: 'x' } });
  const declared = await judged({
    corpus,
    deliveries: batches(lines.map(strange), 10),
    promises: { ...builtinPromises, layout: own },
  });
  expect(declared.verdict.validity).toBe('fail');
  const inferred = await judged({ corpus, deliveries: batches(lines.map(strange), 10) });
  expect(inferred.verdict.validity).toBe('unknown');
  const doubt = inferred.verdict.findings.find(({ id }) => id === 'layout-unexplained')!;
  expect(doubt.witnesses).toHaveLength(6);
  expect(doubt.witnesses[0]).toMatchObject({
    deliveries: [1],
    arrived: `data=${lines[0]} other=x`,
    note: 'fewer than three known fields; attributes data, other',
  });
});

test('a raw line beside a declared layout without one says nothing', async () => {
  const layout: Layout = { version: 1, fields: { ...own.fields, end: 'attributes.end' } };
  const { findings } = await judge(raw, { promises: { ...builtinPromises, layout } });
  expect(findings).toContain('lost-records');
});

/** A map as OTLP JSON writes it. */
function kvlist(members: object): object {
  const values = Object.entries(members).map(([key, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return { key, value: { kvlistValue: kvlist(value) } };
    return { key, value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value } };
  });
  return { values };
}

function varint(value: bigint): number[] {
  return value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)];
}

function field(number: number, content: readonly number[]): number[] {
  return [number * 8 + 2, ...varint(BigInt(content.length)), ...content];
}

/** The same in protobuf: KeyValueList. */
function kvlistBytes(members: object): number[] {
  return Object.entries(members).flatMap(([key, value]: [string, unknown]) => {
    const text = (words: string): number[] => [...new TextEncoder().encode(words)];
    const content =
      typeof value === 'object' && value !== null
        ? field(6, kvlistBytes(value))
        : typeof value === 'number'
          ? [3 * 8, ...varint(BigInt(value))]
          : field(1, text(value as string));
    return field(1, [...field(1, text(key)), ...field(2, content)]);
  });
}

test.each<[string, (members: object) => Uint8Array]>([
  ['OTLP JSON', (members) => new TextEncoder().encode(JSON.stringify(kvlist(members)))],
  ['protobuf', (members) => Uint8Array.from(kvlistBytes(members))],
])('members of a map in the body are found by their names, in %s', async (_, encode) => {
  const send = (line: string): Sent => ({ otherBody: encode(JSON.parse(nested(line).body!) as object) });
  const { findings, layout, tally } = await judge(send);
  expect(findings).toEqual([]);
  expect(tally).toMatchObject({ delivered: 31 });
  expect(layout.fields.find(({ field: name }) => name === 'bytes')!.names).toEqual(['body.aws.vpc.bytes']);
  const message = await judge((line) => ({ otherBody: encode({ message: line, more: { deep: 1 } }) }));
  expect(message.findings).toEqual([]);
});

test.each([[[0xff, 0xff]], [[0x7b, 0x22]], [[]], [[0x0a, 0x7f, 0x00]], [[0x0b]]])(
  'a body of the bytes %j is no blank one: what it holds cannot be told',
  async (bytes) => {
    const send = () => ({ otherBody: Uint8Array.from(bytes) });
    const { verdict } = await judged({ corpus, deliveries: [{ records: lines.map(send) }] });
    expect(verdict.validity).toBe('unknown');
    expect(verdict.findings.find(({ id }) => id === 'layout-unexplained')!.witnesses[0]!.note).toBe(
      'fewer than three known fields; no attributes; its body is no text',
    );
  },
);
