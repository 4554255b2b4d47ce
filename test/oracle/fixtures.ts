// Small worlds for the oracle's tests: a corpus in memory, records as the sink shows them, and a run that has been judged.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Corpus, CorpusObject } from '../../src/core/model/corpus.ts';
import { valueKinds, type Delivery, type RecordView, type ShowRecords } from '../../src/core/model/delivery.ts';
import type { InvocationFact, RunFact } from '../../src/core/model/invocation.ts';
import { openCorpusBook } from '../../src/oracle/ledger/corpus-book.ts';
import {
  builtinPromises,
  judge,
  layoutOf,
  openLedger,
  type JudgeInput,
  type Judgement,
  type Promises,
} from '../../src/oracle/index.ts';

export const defaultFields =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );

/** Text is text, a bigint an integer, a number a double, null an empty value. */
export type AttributeValue = string | bigint | number | boolean | null;

export interface Sent {
  readonly resource?: Readonly<Record<string, AttributeValue>>;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly body?: string;
  /** The raw encoding of a body that is no text. */
  readonly otherBody?: Uint8Array;
  readonly timestampMs?: number;
}

/** A line of the default format that no other number makes. */
export function lineOf(i: number, values: Readonly<Record<string, string>> = {}): string {
  const start = 1_767_225_600 + Math.floor(i / 50) * 60;
  const own: Record<string, string> = {
    version: '2',
    'account-id': '123456789012',
    'interface-id': `eni-${(0x1235b8ca + (i % 5)).toString(16)}`,
    srcaddr: `10.0.${(i >> 8) & 255}.${i & 255}`,
    dstaddr: `172.31.16.${i % 7}`,
    srcport: String(1024 + ((i * 7919) % 60_000)),
    dstport: i % 3 === 0 ? '443' : '22',
    protocol: i % 4 === 0 ? '17' : '6',
    packets: String(1 + (i % 90)),
    bytes: String(40 + i * 3),
    start: String(start),
    end: String(start + 57),
    action: i % 6 === 0 ? 'REJECT' : 'ACCEPT',
    'log-status': 'OK',
    ...values,
  };
  return defaultFields.map((name) => own[name]).join(' ');
}

export function linesOf(count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, i) => lineOf(first + i));
}

/** A NODATA or SKIPDATA row. */
export function emptyLine(status: 'NODATA' | 'SKIPDATA', i = 0): string {
  return `2 123456789012 eni-1235b8ca - - - - - - - ${1_767_225_600 + i * 60} ${1_767_225_657 + i * 60} - ${status}`;
}

export interface FixtureObject {
  readonly lines: readonly string[];
  readonly fields?: readonly string[];
  readonly condition?: CorpusObject['condition'];
  readonly linesLost?: number;
}

/** A corpus of files with a header line each; the first data line is line 2. */
export function corpusOf(objects: readonly FixtureObject[]): Corpus {
  const encoder = new TextEncoder();
  let lineFirst = 0;
  const own = objects.map(({ lines, fields = defaultFields, condition = 'intact', linesLost }, index): CorpusObject => {
    const object = { index, key: `AWSLogs/object-${index}.log`, lineFirst, lineCount: lines.length, fields };
    lineFirst += lines.length;
    return { ...object, slotEndMs: 1_767_225_900_000, condition, ...(linesLost ? { linesLost } : {}) };
  });
  const textOf = (index: number): string => [own[index]!.fields.join(' '), ...objects[index]!.lines, ''].join('\n');
  return {
    version: 1,
    lineCount: lineFirst,
    objects: own,
    async body(object, see) {
      const text = encoder.encode(textOf(object.index));
      see?.(text);
      return text;
    },
    fingerprint: async () => 'none',
    async scan(object, visit) {
      const bytes = encoder.encode(textOf(object.index));
      let start = 0;
      let line = 1;
      for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, start)) {
        if (line > 1) visit(bytes, start, at, line);
        line += 1;
        start = at + 1;
      }
      return { data: line - 2, header: 1, blank: 0 };
    },
  };
}

/** The record as a decoder would show it. */
export function viewOf(sent: Sent): RecordView {
  const encoder = new TextEncoder();
  const resource = Object.entries(sent.resource ?? {});
  const all = [...resource, ...Object.entries(sent.attributes ?? {})];
  const count = all.length;
  const chunks: Uint8Array[] = [];
  let length = 0;
  const put = (text: string): [number, number] => {
    const bytes = encoder.encode(text);
    chunks.push(bytes);
    length += bytes.length;
    return [length - bytes.length, length];
  };
  const view: RecordView = {
    source: new Uint8Array(0),
    bodyStart: -1,
    bodyEnd: -1,
    timestampMs: sent.timestampMs ?? NaN,
    attributeCount: count,
    resourceAttributeCount: resource.length,
    scopeAttributeEnd: resource.length,
    keyStart: new Int32Array(count),
    keyEnd: new Int32Array(count),
    valueKind: new Uint8Array(count),
    valueStart: new Int32Array(count),
    valueEnd: new Int32Array(count),
    integerLow: new Uint32Array(count),
    integerHigh: new Uint32Array(count),
    number: new Float64Array(count),
  };
  if (sent.body !== undefined) [view.bodyStart, view.bodyEnd] = put(sent.body);
  if (sent.otherBody !== undefined) {
    chunks.push(sent.otherBody);
    length += sent.otherBody.length;
    [view.otherBodyStart, view.otherBodyEnd] = [length - sent.otherBody.length, length];
  }
  all.forEach(([key, value], slot) => {
    [view.keyStart[slot], view.keyEnd[slot]] = put(key);
    if (typeof value === 'string') {
      view.valueKind[slot] = valueKinds.text;
      [view.valueStart[slot], view.valueEnd[slot]] = put(value);
    } else if (typeof value === 'bigint') {
      view.valueKind[slot] = valueKinds.integer;
      view.integerLow[slot] = Number(BigInt.asUintN(32, value));
      view.integerHigh[slot] = Number(BigInt.asUintN(32, value >> 32n));
      view.number[slot] = Number(value);
    } else {
      view.valueKind[slot] =
        value === null ? valueKinds.other : typeof value === 'boolean' ? valueKinds.boolean : valueKinds.double;
      view.number[slot] = Number(value);
    }
  });
  view.source = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    view.source.set(chunk, at);
    at += chunk.length;
  }
  return view;
}

/** Shows records as a decoder does: in one view that is filled anew for each, over one body that stays until all were shown. */
export function showing(records: readonly Sent[]): ShowRecords {
  const views = records.map(viewOf);
  const body = new Uint8Array(views.reduce((sum, { source }) => sum + source.length, 0));
  let base = 0;
  for (const view of views) {
    body.set(view.source, base);
    const ranges = [view.keyStart, view.keyEnd, view.valueStart, view.valueEnd];
    for (const range of ranges) for (let slot = 0; slot < range.length; slot++) range[slot]! += base;
    if (view.bodyStart >= 0) [view.bodyStart, view.bodyEnd] = [view.bodyStart + base, view.bodyEnd + base];
    const { otherBodyStart = -1, otherBodyEnd = -1 } = view;
    if (otherBodyStart >= 0) [view.otherBodyStart, view.otherBodyEnd] = [otherBodyStart + base, otherBodyEnd + base];
    base += view.source.length;
  }
  return (visit) => {
    const shown = viewOf({});
    views.forEach((view, index) => {
      const none = { otherBodyStart: -1, otherBodyEnd: -1 };
      visit(Object.assign(shown, none, view, { source: body, lastingBytes: body.length }), index);
    });
    Object.assign(shown, viewOf({}));
  };
}

/** The guide's way: an attribute for each column, all of them text. */
export function flat(line: string): Sent {
  const tokens = line.split(' ');
  return { attributes: Object.fromEntries(defaultFields.map((name, i) => [name, tokens[i]!])) };
}

/** The raw line in the body and nothing else. */
export function raw(line: string): Sent {
  return { body: line };
}

const openTelemetryNames: Readonly<Record<string, string>> = {
  version: 'aws.vpc.flow.log.version',
  'interface-id': 'network.interface.name',
  srcaddr: 'source.address',
  dstaddr: 'destination.address',
  srcport: 'source.port',
  dstport: 'destination.port',
  packets: 'aws.vpc.flow.packets',
  bytes: 'aws.vpc.flow.bytes',
  start: 'aws.vpc.flow.start',
  action: 'aws.vpc.flow.action',
  'log-status': 'aws.vpc.flow.status',
};

const protocolKeywords: Readonly<Record<string, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp' };

/** OpenTelemetry's names and types: integers as integers, `-` omitted, `end` as the record's timestamp. */
export function otlp(line: string): Sent {
  const tokens = Object.fromEntries(line.split(' ').map((token, i) => [defaultFields[i]!, token]));
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, attribute] of Object.entries(openTelemetryNames)) {
    const token = tokens[name]!;
    if (token !== '-') attributes[attribute] = /^\d+$/.test(token) ? BigInt(token) : token;
  }
  const protocol = tokens['protocol']!;
  if (protocol !== '-') attributes['network.protocol.name'] = protocolKeywords[protocol] ?? protocol;
  return {
    resource: {
      'cloud.provider': 'aws',
      'cloud.account.id': tokens['account-id']!,
      'service.name': 'aws-vpc-flow-logs',
    },
    attributes,
    timestampMs: Number(tokens['end']) * 1000,
  };
}

/** The same with the raw line in the body. */
export function otlpWithBody(line: string): Sent {
  return { ...otlp(line), body: line };
}

/** What one request brought. Each is received 10 ms after the one before, from 1000 on, and answered 2 ms later. */
export interface SentDelivery {
  readonly records: readonly Sent[];
  readonly kept?: boolean;
  readonly lostReply?: boolean;
  readonly endedMs?: number;
  readonly fault?: string;
  readonly decodeError?: string;
  readonly ambiguous?: true;
  readonly hasty?: Delivery['hasty'];
  readonly connections?: number;
  readonly receivedMs?: number;
}

export function deliveryOf(sequence: number, sent: SentDelivery): Delivery {
  const receivedMs = sent.receivedMs ?? 1000 + sequence * 10;
  const kept = sent.kept ?? true;
  return {
    sequence,
    receivedMs,
    endedMs: sent.endedMs ?? receivedMs + 2,
    acknowledgement: sent.lostReply ? 'reply-lost' : kept ? 'acknowledged' : 'refused',
    kept,
    statusCode: kept ? 200 : 429,
    method: 'POST',
    path: '/v1/logs',
    headers: {},
    sizeBytes: 100,
    recordCount: sent.records.length,
    ...(sent.fault === undefined ? {} : { fault: sent.fault }),
    ...(sent.decodeError === undefined ? {} : { decodeError: sent.decodeError }),
    ...(sent.ambiguous ? { ambiguous: true } : {}),
    ...(sent.hasty ? { hasty: sent.hasty } : {}),
    ...(sent.connections === undefined ? {} : { connections: sent.connections }),
  };
}

export function invocation(objects: readonly number[], rest: Partial<InvocationFact> = {}): InvocationFact {
  return {
    type: 'invocation',
    requestId: `request-${objects.join('-')}`,
    objects,
    attempt: 1,
    eventDelivery: 1,
    startedMs: 500,
    endedMs: 100_000,
    status: 'succeeded',
    cold: false,
    ...rest,
  };
}

/** Every object stored at 0, notified at 100, invoked with success, and a run that ended by itself. */
export function healthyFacts(corpus: Corpus): RunFact[] {
  return [
    ...corpus.objects.flatMap((object): RunFact[] => [
      { type: 'stored', object: object.index, key: object.key, sizeBytes: 100, storedMs: 0 },
      { type: 'notified', objects: [object.index], sentMs: 100, eventDelivery: 1 },
      invocation([object.index]),
    ]),
    { type: 'ended', atMs: 200_000, how: 'complete', skippedMs: 0 },
  ];
}

export interface Case extends Partial<Omit<JudgeInput, 'promises' | 'deliveries'>> {
  readonly corpus: Corpus;
  readonly deliveries: readonly SentDelivery[];
  readonly promises?: Partial<Promises>;
  readonly seed?: number;
  /** Objects whose lines are booked while they are written, in that order. */
  readonly booked?: readonly number[];
}

/** Books what was sent and judges it. */
export async function judged(given: Case): Promise<Judgement> {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-oracle-'));
  try {
    const formats = [
      ...new Map(given.corpus.objects.map((object) => [object.fields.join(' '), object.fields])).values(),
    ];
    const promises = { ...builtinPromises, ...given.promises };
    const seed = given.seed ?? 42;
    await using ledger = openLedger({
      fields: formats,
      seed,
      folder,
      ...layoutOf(promises),
    });
    using book = openCorpusBook({ fields: formats, seed, promises, folder });
    for (const index of given.booked ?? []) {
      const object = given.corpus.objects[index]!;
      await given.corpus.body(object, (text) => book.add(object, text));
    }
    const deliveries = given.deliveries.map((sent, i) => deliveryOf(i + 1, sent));
    given.deliveries.forEach((sent, i) => {
      if (sent.kept ?? true) ledger.arriveAll(i + 1, showing(sent.records));
    });
    return await judge({
      bucket: 'flow-logs',
      facts: healthyFacts(given.corpus),
      archiveComplete: true,
      ledger,
      readRecords: async (sequence, visit) => {
        given.deliveries[sequence - 1]!.records.forEach((record, index) => visit(viewOf(record), index));
      },
      expect: ['promises'],
      faultsConfigured: [],
      faultsFired: {},
      ...given,
      deliveries,
      promises,
      isCorpusBooked: given.booked !== undefined,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Records cut into deliveries of some size. */
export function batches(records: readonly Sent[], size: number): SentDelivery[] {
  const count = Math.ceil(records.length / size);
  return Array.from({ length: count }, (_, i) => ({ records: records.slice(i * size, (i + 1) * size) }));
}

/** A tally of a run in which nothing else happened. */
export function tallyOf(given: Partial<Judgement['tally']> & { expected: number }): Judgement['tally'] {
  return {
    delivered: given.expected,
    altered: 0,
    missing: 0,
    deadLettered: 0,
    notOwed: 0,
    unexpected: 0,
    duplicated: { afterLostReply: 0, afterDuplicateEvent: 0, afterFailedInvocation: 0, afterAcknowledgement: 0 },
    ...given,
  };
}
