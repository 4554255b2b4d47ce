// A small forwarder in this process, made of steps. It is right as it stands; each saboteur of the zoo replaces one step by a broken
// one. What needs a sandbox (frozen, killed, short of memory) is a file below forwarders/.

import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import type { Handler, HandlerAddresses } from '../../src/index.ts';

/** An object that an event announces. */
export interface Place {
  readonly bucket: string;
  readonly key: string;
  readonly eTag?: string | undefined;
  /** As S3 writes it: what is later is greater. */
  readonly sequencer?: string | undefined;
}

/** A record as it is posted. */
export type Row = Record<string, unknown>;

export interface Table {
  readonly names: readonly string[];
  readonly lines: readonly string[];
}

export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs: number;
}

export interface Steps {
  readonly placesOf: (event: S3Event) => readonly Place[];
  /** The object's bytes; undefined where the object that was announced is no more. */
  readonly read: (place: Place, addresses: HandlerAddresses) => Promise<Buffer | undefined>;
  readonly inflate: (bytes: Buffer, place: Place) => Buffer;
  readonly linesOf: (text: Buffer) => readonly string[];
  readonly tableOf: (lines: readonly string[]) => Table;
  readonly select: (table: Table) => readonly string[];
  readonly toRow: (line: string, names: readonly string[]) => Row;
  readonly batchSize: number;
  readonly send: (rows: readonly Row[], addresses: HandlerAddresses) => Promise<void>;
}

export const steps: Steps = {
  placesOf,
  read,
  inflate,
  linesOf,
  tableOf,
  select: ({ lines }) => lines,
  toRow: rowOf,
  batchSize: 1000,
  send,
};

/** A handler of these steps. All objects of an event are tried before one that failed fails it. */
export function newForwarder(changed: Partial<Steps> = {}): Handler {
  const all = { ...steps, ...changed };
  return async (event, addresses) => {
    const failures: unknown[] = [];
    for (const place of all.placesOf(event as S3Event)) {
      await forwardObject(all, place, addresses).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
}

export async function forwardObject(all: Steps, place: Place, addresses: HandlerAddresses): Promise<void> {
  const bytes = await all.read(place, addresses);
  if (bytes === undefined) return;
  const table = all.tableOf(all.linesOf(all.inflate(bytes, place)));
  const rows = all.select(table).map((line) => all.toRow(line, table.names));
  for (let at = 0; at < rows.length; at += all.batchSize) await all.send(rows.slice(at, at + all.batchSize), addresses);
}

/** As much of AWS's events as is read here. */
export interface S3Event {
  readonly Records?: readonly EventRecord[];
  readonly Type?: string;
  readonly Message?: string;
  readonly 'detail-type'?: string;
  readonly detail?: { readonly bucket: { readonly name: string }; readonly object: S3Object };
}

export interface EventRecord {
  readonly messageId?: string;
  readonly eventVersion?: string;
  readonly eventSource?: string;
  readonly EventSource?: string;
  readonly eventName?: string;
  readonly body?: string;
  readonly Sns?: { readonly Message: string };
  readonly s3?: { readonly bucket: { readonly name: string }; readonly object: S3Object };
}

interface S3Object {
  readonly key: string;
  readonly eTag?: string;
  readonly etag?: string;
  readonly sequencer?: string;
}

/** New objects of an event, whatever way it came. */
export function placesOf(event: S3Event): Place[] {
  const { detail } = event;
  if (detail) return event['detail-type'] === 'Object Created' ? [placeOf(detail, detail.object.key)] : [];
  if (event.Type === 'Notification') return placesOf(JSON.parse(event.Message ?? '{}') as S3Event);
  return (event.Records ?? []).flatMap((record) => {
    if (record.body !== undefined) return placesOf(JSON.parse(record.body) as S3Event);
    if (record.Sns) return placesOf(JSON.parse(record.Sns.Message) as S3Event);
    return record.eventName?.startsWith('ObjectCreated:') ? [placeOfRecord(record)] : [];
  });
}

/** S3 encodes keys in its own message, and spaces as `+`; EventBridge does not. */
export function placeOfRecord({ s3 }: EventRecord): Place {
  return placeOf(s3!, decodeURIComponent(s3!.object.key.replaceAll('+', ' ')));
}

function placeOf({ bucket, object }: NonNullable<EventRecord['s3']>, key: string): Place {
  return { bucket: bucket.name, key, eTag: object.eTag ?? object.etag, sequencer: object.sequencer };
}

/** Of an object that was deleted or overwritten since there is nothing to forward: the event of what lies there now comes by itself. */
async function read(place: Place, addresses: HandlerAddresses): Promise<Buffer | undefined> {
  const headers = place.eTag === undefined ? {} : { 'if-match': `"${place.eTag}"` };
  const response = await fetch(urlOf(place, addresses), { headers });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.status === 404 || response.status === 412) return undefined;
  if (!response.ok) throw new Error(`S3 answered ${response.status} for ${place.key}`);
  return bytes;
}

export function urlOf({ bucket, key }: Place, { s3Endpoint }: HandlerAddresses): string {
  return `${s3Endpoint}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** By the bytes themselves, gzip within gzip too: a suffix proves nothing. */
function inflate(bytes: Buffer): Buffer {
  let text = bytes;
  // No text begins so, and of a gzip that was cut no more may be left.
  while (text[0] === 0x1f) text = gunzipSync(text);
  return text;
}

/** Longer than any line that a sink could take. */
const endlessLine = 1024 ** 2;

export function linesOf(text: Buffer): string[] {
  return text
    .toString('utf8')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '' && line.length < endlessLine);
}

export function valuesOf(line: string): string[] {
  return line.split(/[ \t]+/);
}

export const defaultNames =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );

export function tableOf(lines: readonly string[]): Table {
  const names = (lines[0] ?? '').split(/ +/);
  const isHeader = names.every((name) => /^[a-z][a-z0-9-]*$/.test(name));
  if (isHeader) return { names, lines: lines.slice(1) };
  // A file of something else lies there, too: without a header its lines have to look like records.
  return { names: defaultNames, lines: lines.some((line) => /^\d+[ \t]+\d{12}[ \t]/.test(line)) ? lines : [] };
}

/** A line that does not fit its header is sent as it stands: nobody knows which value is which. */
export function rowOf(line: string, names: readonly string[]): Row {
  return valuesOf(line).length === names.length ? flatRow(line, names) : { body: line };
}

/** The style of SigNoz's guide: one text attribute a field, under AWS's own name. */
export function flatRow(line: string, names: readonly string[]): Row {
  return Object.fromEntries(valuesOf(line).map((value, at) => [names[at], value]));
}

export interface PostOptions {
  readonly redirect?: 'follow' | 'manual';
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request. A web page in SigNoz's place is no answer of SigNoz's, and a redirect is not followed. */
export async function post(body: unknown, { jsonUrl, key }: HandlerAddresses, more: PostOptions = {}): Promise<Answer> {
  const response = await fetch(jsonUrl, {
    method: 'POST',
    redirect: 'manual',
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
    ...more,
    headers: { 'content-type': 'application/json', 'signoz-ingestion-key': key, ...more.headers },
  });
  const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
  const retryAfter = response.headers.get('retry-after') ?? '0';
  return {
    ok: response.ok && !isPage,
    status: response.status,
    body: await response.text(),
    retryAfterMs: Number.isNaN(Number(retryAfter)) ? Date.parse(retryAfter) - Date.now() : Number(retryAfter) * 1000,
  };
}

const refusesTheBody = new Set([400, 413]);

/** Halves what is refused whole, until the record is found that is; what is refused for a time is tried ten times. */
export async function send(rows: readonly Row[], addresses: HandlerAddresses): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const answer = await post(rows, addresses).catch((error: unknown) => error as Error);
    if ('ok' in answer) {
      if (answer.ok) return;
      if (refusesTheBody.has(answer.status)) {
        if (rows.length === 1) throw new Error(`SigNoz refuses this record: ${answer.status}`);
        const half = rows.length >> 1;
        await send(rows.slice(0, half), addresses);
        return send(rows.slice(half), addresses);
      }
    }
    if (attempt === 10) {
      throw new Error(`SigNoz took nothing ten times: ${'ok' in answer ? answer.status : answer.message}`);
    }
    await sleep(Math.max(20 * attempt, 'ok' in answer ? answer.retryAfterMs : 0));
  }
}
