// What the forwarder's tests stand on: an S3 that serves GetObject, a sink that keeps bodies, and a protobuf reader that
// shares nothing with the encoder.

import { S3Client } from '@aws-sdk/client-s3';
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readConfig } from '../../src/forwarder/config.ts';
import { createForwarder, type Forwarder } from '../../src/forwarder/forwarder.ts';
import { openPoster } from '../../src/forwarder/post.ts';
import type { Surroundings } from '../../src/forwarder/surroundings.ts';

export const header =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

/** A default-format line that no other index gives. */
export function flowLine(i: number): string {
  return `2 123456789012 eni-1235b8ca123456789 10.0.${(i >> 8) & 255}.${i & 255} 172.31.16.21 ${1024 + (i % 60000)} 443 6 ${i + 1} ${(i + 1) * 40} 1760000000 1760000060 ACCEPT OK`;
}

export function flowLines(count: number): string[] {
  return Array.from({ length: count }, (_, i) => flowLine(i));
}

export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly server: HttpServer;
}

export async function serve(onRequest: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(onRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface FakeS3 extends Server {
  /** `bucket/key` to the object; the ETag is `etag-1` unless changed. */
  readonly objects: Map<string, { body: Buffer; etag: string }>;
  /** GETs in order: path and range. */
  readonly gets: { path: string; range: string | undefined }[];
  /** Takes over an answer: return true when it did. `nth` counts GETs from 1. */
  intercept: (nth: number, response: ServerResponse, body: Buffer) => boolean;
}

export async function serveS3(): Promise<FakeS3> {
  const objects: FakeS3['objects'] = new Map();
  const gets: FakeS3['gets'] = [];
  const server = await serve((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://s3').pathname.slice(1));
    const range = request.headers.range;
    gets.push({ path, range });
    const object = objects.get(path);
    if (!object) {
      response.writeHead(404, { 'content-type': 'application/xml' });
      response.end('<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>gone</Message></Error>');
      return;
    }
    const expected = request.headers['if-match'];
    if (expected !== undefined && expected !== `"${object.etag}"`) {
      response.writeHead(412, { 'content-type': 'application/xml' });
      response.end('<?xml version="1.0"?><Error><Code>PreconditionFailed</Code><Message>changed</Message></Error>');
      return;
    }
    const start = range ? Number(/^bytes=(\d+)-$/.exec(range)![1]) : 0;
    const body = object.body.subarray(start);
    response.setHeader('etag', `"${object.etag}"`);
    response.setHeader('content-length', body.length);
    if (range) response.setHeader('content-range', `bytes ${start}-${object.body.length - 1}/${object.body.length}`);
    response.statusCode = range ? 206 : 200;
    if (fake.intercept(gets.length, response, body)) return;
    response.end(body);
  });
  const fake: FakeS3 = {
    ...server,
    objects,
    gets,
    intercept: () => false,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return fake;
}

export interface Sink extends Server {
  /** Decoded bodies of requests that were answered with 2xx. */
  readonly accepted: ExportRequest[];
  readonly records: () => LogRecord[];
  readonly bodies: () => string[];
  readonly requests: { path: string; headers: IncomingMessage['headers']; body: ExportRequest }[];
  /** Decides the answer; default 200. Return undefined after having dealt with the socket. */
  answer: (nth: number, body: ExportRequest, response: ServerResponse) => Reply | undefined;
}

export interface Reply {
  statusCode: number;
  headers?: Record<string, string>;
  body?: Buffer | string;
}

export async function serveSink(): Promise<Sink> {
  const accepted: ExportRequest[] = [];
  const requests: Sink['requests'] = [];
  const server = await serve((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = readRequest(gunzipSync(Buffer.concat(parts)));
      requests.push({ path: request.url!, headers: request.headers, body });
      const reply = sink.answer(requests.length, body, response);
      if (!reply) return;
      if (reply.statusCode < 300) accepted.push(body);
      response.writeHead(reply.statusCode, { 'content-type': 'application/x-protobuf', ...reply.headers });
      response.end(reply.body ?? Buffer.of(0x0a, 0x00));
    });
  });
  const sink: Sink = {
    ...server,
    accepted,
    requests,
    records: () => accepted.flatMap((request) => request.flatMap((group) => group.records)),
    bodies: () => sink.records().map((record) => record.body ?? ''),
    answer: () => ({ statusCode: 200 }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return sink;
}

/** The forwarder between two servers, with a clock that moves only when a wait is over. */
export interface Rig extends AsyncDisposable {
  readonly s3: FakeS3;
  readonly sink: Sink;
  readonly log: string[];
  /** Every wait that was begun, time limits among them. */
  readonly waitsMs: number[];
  put(key: string, body: Buffer | string): void;
  /** Puts gzip of the lines, header first. */
  putLog(key: string, lines: readonly string[]): void;
  forward(...keys: string[]): Promise<{ objects: number; records: number }>;
  send: Forwarder;
  /** With `time: 'by-hand'`: moves the clock and ends the waits that are due. */
  advance(durationMs: number): void;
}

export interface RigOptions {
  /** What the forwarder draws for its jitter. */
  random?: number;
  /** `fast` (default): a wait takes a twentieth of its time. `by-hand`: only `advance` ends waits. */
  time?: 'fast' | 'by-hand';
}

const speed = 20;
/** So that no request is given up and sent again because the machine is busy. A test of the time limit sets its own. */
const patientMs = '900000';

/** A clock that stands still between its timers: how busy the machine is cannot be seen on it. */
function openTime(
  time: 'fast' | 'by-hand',
  waitsMs: number[],
): Pick<Surroundings, 'nowMs' | 'after'> & Pick<Rig, 'advance'> {
  let nowMs = Date.now();
  const waiting = new Set<{ dueMs: number; callback: () => void }>();
  return {
    nowMs: () => nowMs,
    after(delayMs, callback) {
      waitsMs.push(delayMs);
      const wait = { dueMs: nowMs + delayMs, callback };
      const end = (): void => {
        nowMs = Math.max(nowMs, wait.dueMs);
        callback();
      };
      waiting.add(wait);
      const timer = time === 'fast' ? setTimeout(end, delayMs / speed) : undefined;
      return () => {
        clearTimeout(timer);
        waiting.delete(wait);
      };
    },
    advance(durationMs) {
      nowMs += durationMs;
      for (const wait of waiting) {
        if (wait.dueMs <= nowMs && waiting.delete(wait)) wait.callback();
      }
    },
  };
}

export async function openRig(env: Record<string, string> = {}, options: RigOptions = {}): Promise<Rig> {
  const s3 = await serveS3();
  const sink = await serveSink();
  const log: string[] = [];
  const waitsMs: number[] = [];
  const { advance, ...clock } = openTime(options.time ?? 'fast', waitsMs);
  const surroundings: Surroundings = {
    ...clock,
    parseTimeMs: (text) => Date.parse(text),
    random: () => options.random ?? 0,
    log: (line) => void log.push(line),
  };
  const settings = { SIGNOZ_ENDPOINT: sink.url, SIGNOZ_INGESTION_KEY: 'key-1', REQUEST_TIMEOUT_MS: patientMs, ...env };
  const config = readConfig(settings);
  const poster = openPoster({
    url: config.logsUrl,
    headers: { 'content-encoding': 'gzip', 'signoz-ingestion-key': config.ingestionKey! },
    surroundings,
    maxConnections: config.inFlight,
    env,
  });
  const client = new S3Client({
    endpoint: s3.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 1,
  });
  const send = createForwarder({ config, s3: client, poster, surroundings, version: '1.2.3', functionName: 'test' });
  const rig: Rig = {
    s3,
    sink,
    log,
    waitsMs,
    put: (key, body) => void s3.objects.set(`logs/${key}`, { body: Buffer.from(body), etag: 'etag-1' }),
    putLog: (key, lines) => rig.put(key, gzipSync([header, ...lines, ''].join('\n'))),
    forward: (...keys) => send(s3Event(...keys), 900_000),
    send,
    advance,
    async [Symbol.asyncDispose]() {
      poster.close();
      client.destroy();
      await sink[Symbol.asyncDispose]();
      await s3[Symbol.asyncDispose]();
    },
  };
  return rig;
}

/** Keys are given plain and encoded as S3 encodes them. */
export function s3Event(...keys: string[]): unknown {
  return {
    Records: keys.map((key) => s3Record(encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+'))),
  };
}

export function s3Record(
  encodedKey: string,
  object: Record<string, unknown> = { eTag: 'etag-1' },
): Record<string, unknown> {
  return {
    eventVersion: '2.6',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventTime: '2026-01-01T00:00:05.000Z',
    eventName: 'ObjectCreated:Put',
    s3: { bucket: { name: 'logs' }, object: { key: encodedKey, size: 1, ...object } },
  };
}

export type Value = string | bigint;
export type Attributes = Record<string, Value>;

export interface LogRecord {
  timeUnixNano: bigint;
  observedUnixNano: bigint;
  body: string | undefined;
  attributes: Attributes;
}

export type ExportRequest = {
  resource: Attributes;
  scope: { name: string; version: string; attributes: Attributes };
  records: LogRecord[];
}[];

/** An ExportLogsServiceRequest (opentelemetry-proto). Throws on anything that the forwarder has no reason to send. */
export function readRequest(bytes: Buffer): ExportRequest {
  return readFields(bytes).map(([number, resourceLogs]) => {
    expectNumber(number, [1]);
    const group = {
      resource: {},
      scope: { name: '', version: '', attributes: {} },
      records: [],
    } as ExportRequest[number];
    for (const [part, value] of readFields(resourceLogs as Buffer)) {
      if (part === 1) group.resource = readAttributes(value as Buffer, 1);
      else if (part === 2) readScopeLogs(value as Buffer, group);
      else expectNumber(part, [1, 2]);
    }
    return group;
  });
}

function readScopeLogs(bytes: Buffer, group: ExportRequest[number]): void {
  for (const [number, value] of readFields(bytes)) {
    expectNumber(number, [1, 2]);
    if (number === 2) group.records.push(readRecord(value as Buffer));
    else {
      const fields = readFields(value as Buffer);
      const text = (wanted: number): string => String(fields.find(([field]) => field === wanted)?.[1] ?? '');
      group.scope = { name: text(1), version: text(2), attributes: readAttributes(value as Buffer, 3) };
    }
  }
}

function readRecord(bytes: Buffer): LogRecord {
  const record: LogRecord = { timeUnixNano: 0n, observedUnixNano: 0n, body: undefined, attributes: {} };
  for (const [number, value] of readFields(bytes)) {
    if (number === 1) record.timeUnixNano = value as bigint;
    else if (number === 11) record.observedUnixNano = value as bigint;
    else if (number === 5) record.body = readValue(value as Buffer) as string;
    else expectNumber(number, [6]);
  }
  record.attributes = readAttributes(bytes, 6);
  return record;
}

function readAttributes(bytes: Buffer, wanted: number): Attributes {
  const attributes: Attributes = {};
  for (const [number, pair] of readFields(bytes)) {
    if (number !== wanted) continue;
    const [[keyNumber, key], [valueNumber, value]] = readFields(pair as Buffer) as [Field, Field];
    expectNumber(keyNumber, [1]);
    expectNumber(valueNumber, [2]);
    if (String(key) in attributes) throw new Error(`The attribute ${String(key)} stands twice.`);
    attributes[String(key)] = readValue(value as Buffer);
  }
  return attributes;
}

function readValue(bytes: Buffer): Value {
  const fields = readFields(bytes);
  if (fields.length !== 1) throw new Error('An AnyValue has exactly one value.');
  const [number, value] = fields[0]!;
  if (number === 3) return BigInt.asIntN(64, value as bigint);
  expectNumber(number, [1]);
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value as Buffer);
}

type Field = [number: number, value: Buffer | bigint];

function readFields(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (at >= bytes.length) throw new Error('A varint is cut off.');
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0n) throw new Error('A varint is longer than it needs to be.');
        return value;
      }
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    let value: Buffer | bigint;
    if (tag % 8 === 0) value = varint();
    else if (tag % 8 === 1) {
      value = bytes.readBigUInt64LE(at);
      at += 8;
    } else if (tag % 8 === 2) {
      const length = Number(varint());
      if (at + length > bytes.length) throw new Error('A length passes the end of its message.');
      value = bytes.subarray(at, (at += length));
    } else throw new Error(`Wire type ${tag % 8} is not OTLP's.`);
    fields.push([tag >> 3, value]);
  }
  return fields;
}

function expectNumber(number: number, allowed: readonly number[]): void {
  if (!allowed.includes(number)) throw new Error(`Field ${number} has no business here.`);
}
