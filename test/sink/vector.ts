// Recorded requests to a real SigNoz collector, and how a test sends and compares them.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import type { SeenAttribute, SeenRecord } from './seen-record.ts';

type Part = { text: string } | { base64: string } | { repeat: string; times: number; separator?: string };
type Body = Part | { concat: Part[]; encode?: 'gzip'; level?: number };

interface Outcome {
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly bodyBase64?: string;
  };
  readonly records?: readonly OtlpResource[];
}

export interface Vector extends Outcome {
  readonly id: string;
  readonly group: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: readonly [string, string][];
    readonly framing: string;
    readonly body: Body | null;
  };
}

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: string;
  readonly doubleValue?: number | 'NaN' | 'Infinity' | '-Infinity';
  readonly boolValue?: boolean;
}

interface OtlpOwner {
  readonly attributes?: readonly { key?: string; value?: OtlpValue }[];
}

interface OtlpResource {
  readonly resource: OtlpOwner;
  readonly scopeLogs?: readonly {
    readonly scope: OtlpOwner;
    readonly logRecords?: readonly (OtlpOwner & { timeUnixNano?: string; body?: OtlpValue })[];
  }[];
}

export function readVectors(name: string): Vector[] {
  const text = readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Vector);
}

/** The request as the bytes that were sent. */
export function requestBytes({ request }: Vector): Buffer {
  const body = request.body ? bodyBytes(request.body) : Buffer.alloc(0);
  const framed = request.framing === 'chunked' ? chunked(body) : body;
  const framing =
    request.framing === 'length'
      ? [`Content-Length: ${body.length}`]
      : request.framing === 'chunked'
        ? ['Transfer-Encoding: chunked']
        : [];
  const headers = request.headers.map(([name, value]) => `${name}: ${value}`);
  const head = [`${request.method} ${request.path} HTTP/1.1`, 'Host: ingest.test', ...headers, ...framing, '', ''];
  return Buffer.concat([Buffer.from(head.join('\r\n'), 'latin1'), framed]);
}

function chunked(body: Buffer): Buffer {
  const chunk = body.length === 0 ? '' : `${body.length.toString(16)}\r\n`;
  return Buffer.concat([Buffer.from(chunk), body, Buffer.from(`${chunk ? '\r\n' : ''}0\r\n\r\n`)]);
}

function bodyBytes(body: Body): Buffer {
  if (!('concat' in body)) return partBytes(body);
  const whole = Buffer.concat(body.concat.map(partBytes));
  return body.encode === 'gzip' ? gzipSync(whole, { level: body.level ?? 6 }) : whole;
}

function partBytes(part: Part): Buffer {
  if ('text' in part) return Buffer.from(part.text);
  if ('base64' in part) return Buffer.from(part.base64, 'base64');
  const unit = part.repeat + (part.separator ?? '');
  const whole = Buffer.alloc(Buffer.byteLength(unit) * part.times, unit);
  return whole.subarray(0, whole.length - (part.separator ?? '').length);
}

export function expectedBody({ response }: Outcome): Buffer {
  return response.bodyBase64 === undefined
    ? Buffer.from(response.body ?? '')
    : Buffer.from(response.bodyBase64, 'base64');
}

/** What the collector handed on, in the shape of what our sink hands on. */
export function expectedRecords({ records }: Outcome): SeenRecord[] {
  return (records ?? []).flatMap((resource) =>
    (resource.scopeLogs ?? []).flatMap((scopeLogs) =>
      (scopeLogs.logRecords ?? []).map((record) => ({
        resource: attributesOf(resource.resource),
        scope: attributesOf(scopeLogs.scope),
        attributes: attributesOf(record),
        body: record.body?.stringValue,
        timestampMs: record.timeUnixNano === undefined ? undefined : Number(BigInt(record.timeUnixNano)) / 1e6,
      })),
    ),
  );
}

function attributesOf(owner: OtlpOwner): SeenAttribute[] {
  return (owner.attributes ?? []).map(({ key = '', value = {} }) => ({ key, value: valueOf(value) }));
}

function valueOf(value: OtlpValue): SeenAttribute['value'] {
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.intValue !== undefined) return BigInt(value.intValue);
  if (value.doubleValue !== undefined) return Number(value.doubleValue);
  return value.boolValue ?? { other: true };
}
