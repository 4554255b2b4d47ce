// CloudWatch logs as Amazon Data Firehose posts them to SigNoz (SigNoz/signoz-otel-collector, receiver/signozawsfirehosereceiver, record type
// `cwlogs`): JSON with records of base64, each a gzip of subscription envelopes, one a line. Envelopes and records that cannot be read are
// left out, and only logged there; a request without a single right one is refused.

import { valueKinds } from '../../core/model/delivery.ts';
import { DecodeError } from './decode-error.ts';
import { gzip } from './encodings/gzip.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { newRecordView, takeSlot, type VisitUntil } from './record-view.ts';

export const firehosePath = '/awsfirehose/cwlogs';

/** Names the request; its body must, too. */
export const requestIdHeader = 'x-amz-firehose-request-id';

/** Holds attributes that the delivery stream adds to every resource, as JSON. */
const commonAttributesHeader = 'x-amz-firehose-common-attributes';

/** A header of the request by its lower-case name. */
export type HeaderOf = (name: string) => string | undefined;

interface LogEvent {
  readonly message: string;
  readonly timestampNs: bigint;
}

/** Events of one log stream. */
interface Resource {
  readonly attributes: ReadonlyMap<string, string>;
  readonly events: LogEvent[];
}

/** A body that the receiver takes, in memory whole: what Firehose sends is a few MiB. */
export interface FirehoseBody {
  readonly recordCount: number;
  readonly sizeBytes: number;
  readonly ambiguous: false;
  visit(visit: VisitUntil): void;
  /** The first `recordLimit` records as OTLP JSON. */
  resourceLogs(recordLimit?: number): readonly object[];
}

/** The receiver's limit is memory; ours is this much text of all records, which Firehose never sends. What comes behind is left out. */
const textLimitBytes = 64 * 1024 * 1024;

/** Throws a DecodeError where the receiver answers 400 for the body. */
export function decodeFirehose(body: Uint8Array, check: VisitUntil, header: HeaderOf): FirehoseBody {
  const request = readRequest(body);
  checkRequestId(request['requestId'] ?? '', header(requestIdHeader));
  const resources = resourcesOf(recordsOf(request));
  const common = commonOf(header(commonAttributesHeader));
  for (const { attributes } of resources) addMissing(attributes as Map<string, string>, common);
  const visit = (each: VisitUntil): void => visitResources(resources, each);
  visit(check);
  return {
    recordCount: resources.reduce((sum, { events }) => sum + events.length, 0),
    sizeBytes: body.length,
    ambiguous: false,
    visit,
    resourceLogs: (recordLimit = Infinity) => asOtlpJson(resources, recordLimit),
  };
}

/** The receiver's texts here are those of Go's encoding/json, which are not imitated. */
function readRequest(body: Uint8Array): JsonObject {
  const request = parse(Buffer.from(body).toString());
  if (request === null) return {};
  if (!isJsonObject(request) || !isArrayOrNone(request['records'])) throw new DecodeError('invalid request body');
  return request;
}

function checkRequestId(inBody: JsonValue, inHeader: string | undefined): void {
  if (inBody === '') throw new DecodeError('missing request id in body');
  if (inBody !== inHeader) throw new DecodeError('different request id in body');
}

/** The bytes of each record; empty ones are left out. */
function recordsOf(request: JsonObject): Buffer[] {
  const records = (request['records'] ?? []) as JsonValue[];
  return records.flatMap((record, index) => {
    const data = isJsonObject(record) ? (record['data'] ?? '') : '';
    if (typeof data !== 'string') throw new DecodeError('invalid request body');
    // Standard base64 with padding; Go's decoder skips line ends.
    const text = data.replaceAll(/[\r\n]/g, '');
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
      const cause = `illegal base64 data at input byte ${text.search(/[^A-Za-z0-9+/]|$/)}`;
      throw new DecodeError(`unable to base64 decode the record at index ${index}: ${cause}`);
    }
    return text === '' ? [] : [Buffer.from(text, 'base64')];
  });
}

/** Grouped by account, log group and log stream, in the order of their first envelopes. */
function resourcesOf(records: readonly Buffer[]): Resource[] {
  const resources = new Map<string, Resource>();
  let leftBytes = textLimitBytes;
  for (const record of records) {
    const text = textOf(record, leftBytes);
    leftBytes -= text.length;
    for (const line of text.toString().split('\n')) {
      const envelope = readEnvelope(line);
      if (!envelope) continue;
      const { owner, logGroup, logStream, events } = envelope;
      const name = JSON.stringify([owner, logGroup, logStream]);
      const resource = resources.get(name) ?? { attributes: resourceAttributes(envelope), events: [] };
      resources.set(name, resource);
      resource.events.push(...events);
    }
  }
  if (resources.size === 0) throw new DecodeError('record format invalid');
  return [...resources.values()];
}

function textOf(record: Buffer, limitBytes: number): Buffer {
  try {
    gzip.open(record);
    return Buffer.from(gzip.decode(record, limitBytes));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return Buffer.alloc(0);
  }
}

interface Envelope {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly events: readonly LogEvent[];
}

/**
 * Undefined for what the receiver skips. It looks at no `messageType`: a CONTROL_MESSAGE, with which CloudWatch tries a new destination, is
 * skipped because it names no log group (unmarshaler.go, isValid).
 */
function readEnvelope(line: string): Envelope | undefined {
  const envelope = line === '' ? undefined : tryParse(line);
  if (envelope === undefined || !isJsonObject(envelope) || !isArrayOrNone(envelope['logEvents'])) return undefined;
  const [owner, logGroup, logStream] = ['owner', 'logGroup', 'logStream'].map((key) => envelope[key]);
  if (typeof owner !== 'string' || typeof logGroup !== 'string' || typeof logStream !== 'string') return undefined;
  if (owner === '' || logGroup === '' || logStream === '') return undefined;
  const events = ((envelope['logEvents'] ?? []) as JsonValue[]).map(readEvent);
  return events.includes(undefined) ? undefined : { owner, logGroup, logStream, events: events as LogEvent[] };
}

/** Undefined where Go cannot read it into its struct, which spoils the whole envelope. */
function readEvent(event: JsonValue): LogEvent | undefined {
  if (event === null) return { message: '', timestampNs: 0n };
  if (!isJsonObject(event)) return undefined;
  const message = event['message'] ?? '';
  const timestamp = event['timestamp'] ?? 0;
  if (typeof message !== 'string' || typeof timestamp !== 'number' || !Number.isInteger(timestamp)) return undefined;
  return { message, timestampNs: scaled(BigInt(timestamp)) };
}

/** Milliseconds become nanoseconds by being filled up to 19 digits. 0 is no timestamp. */
function scaled(timestamp: bigint): bigint {
  if (timestamp <= 0n) return BigInt.asUintN(64, timestamp);
  return timestamp * 10n ** BigInt(Math.max(0, 19 - String(timestamp).length));
}

function resourceAttributes({ owner, logGroup, logStream }: Envelope): ReadonlyMap<string, string> {
  return new Map([
    ['cloud.account.id', owner],
    ['aws.cloudwatch.log_group_name', logGroup],
    ['aws.cloudwatch.log_stream_name', logStream],
  ]);
}

/** A header that cannot be read adds nothing. */
function commonOf(header: string | undefined): readonly (readonly [string, string])[] {
  const parsed = header ? tryParse(header) : undefined;
  const common = parsed !== undefined && isJsonObject(parsed) ? (parsed['commonAttributes'] ?? {}) : {};
  if (!isJsonObject(common)) return [];
  const entries = Object.entries(common);
  return entries.every(([, value]) => typeof value === 'string') ? (entries as [string, string][]) : [];
}

function addMissing(attributes: Map<string, string>, common: readonly (readonly [string, string])[]): void {
  for (const [key, value] of common) if (!attributes.has(key)) attributes.set(key, value);
}

function visitResources(resources: readonly Resource[], visit: VisitUntil): void {
  let index = 0;
  for (const { attributes, events } of resources) {
    for (const { message, timestampNs } of events) {
      const texts = [...[...attributes].flat(), message].map((text) => Buffer.from(text));
      const view = newRecordView(Buffer.concat(texts));
      let at = 0;
      const range = (): readonly [number, number] => {
        const start = at;
        at += texts.shift()!.length;
        return [start, at];
      };
      for (let i = 0; i < attributes.size; i++) {
        const slot = takeSlot(view);
        view.valueKind[slot] = valueKinds.text;
        [view.keyStart[slot], view.keyEnd[slot]] = range();
        [view.valueStart[slot], view.valueEnd[slot]] = range();
      }
      view.resourceAttributeCount = view.scopeAttributeEnd = attributes.size;
      [view.bodyStart, view.bodyEnd] = range();
      view.timestampMs = timestampNs === 0n ? NaN : Number(timestampNs) / 1e6;
      if (visit(view, index++)) return;
    }
  }
}

function asOtlpJson(resources: readonly Resource[], recordLimit: number): object[] {
  let left = recordLimit;
  return resources.flatMap(({ attributes, events }) => {
    const shown = events.slice(0, left);
    left -= shown.length;
    if (shown.length === 0) return [];
    const logRecords = shown.map(({ message, timestampNs }) => ({
      ...(timestampNs === 0n ? {} : { timeUnixNano: String(timestampNs) }),
      body: { stringValue: message },
    }));
    const resource = { attributes: [...attributes].map(([key, value]) => ({ key, value: { stringValue: value } })) };
    return [{ resource, scopeLogs: [{ scope: {}, logRecords }] }];
  });
}

function isArrayOrNone(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || Array.isArray(value);
}

function parse(text: string): JsonValue {
  const value = tryParse(text);
  if (value === undefined)
    throw new DecodeError(text.trim() === '' ? 'unexpected end of JSON input' : 'invalid request body');
  return value;
}

function tryParse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
