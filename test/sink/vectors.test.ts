import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';

import { decodeBody, openBody } from '../../src/sink/decode/content-encoding.ts';
import { DecodeError } from '../../src/sink/decode/decode-error.ts';
import { checkBody, formatOf, type DecodedBody } from '../../src/sink/decode/index.ts';
import { openSinkRig } from './rig.ts';
import { seenFromResourceLogs, type OtlpResourceLogs, type SeenRecord } from './seen-record.ts';
import {
  expectedBody,
  readVectors,
  requestBody,
  sendVector,
  type Outcome,
  type Vector,
  type VectorAnswer,
} from './vector.ts';

/** What is not compared, by group or by id, and why. An id that agrees after all fails the test. */
const leftOut: readonly { why: string; groups?: readonly string[]; ids?: readonly string[] }[] = [
  {
    why: "Node's HTTP parser refuses these before any handler runs.",
    ids: [
      'transport-h2-preface',
      'transport-lf-only',
      'transport-two-lengths-same',
      'transport-length-and-chunked',
      'transport-header-fold',
    ],
  },
  { why: "Node's HTTP parser does not say what is wrong with the header.", ids: ['transport-header-space'] },
  {
    why: 'Node answers in HTTP/1.1 only, where keeping the connection goes without saying.',
    ids: ['transport-http10-keepalive'],
  },
  { why: 'The fake has no next hop: what goes wrong behind it is said by faults.', groups: ['downstream'] },
  { why: 'These are run on a clock that is skipped: time-limits.test.ts.', groups: ['timing'] },
];

const leftOutGroups = new Set(leftOut.flatMap(({ groups = [] }) => groups));
const leftOutIds = new Set(leftOut.flatMap(({ ids = [] }) => ids));

const receivers = [
  { file: 'json-receiver.jsonl', url: 'jsonUrl' },
  { file: 'otlp-http.jsonl', url: 'otlpUrl' },
] as const;

/** A thousand requests, some of 20 MiB, on a machine that may have much else to do. */
const hangMs = 300_000;

test('the self-hosted edition answers and hands on what the real collector did', { timeout: hangMs }, async () => {
  await using open = await openSinkRig({ edition: 'selfhost' });
  await using locked = await openSinkRig({ edition: 'selfhost', auth: 'bearer', key: 'good-key' });
  const disagreements: unknown[] = [];
  const needed = new Set<string>();
  for (const { file, url } of receivers) {
    for (const vector of readVectors(file).filter(({ group }) => !leftOutGroups.has(group))) {
      const rig = vector.receiverAuth ? locked : open;
      const deliveredBefore = rig.deliveries.length;
      const answer = await sendVector(rig.sink[url], vector);
      await rig.sink.idle();
      const delivered = rig.deliveries.slice(deliveredBefore);
      const records = delivered.flatMap(({ sequence }) => rig.records.get(sequence) ?? []);
      const ours = { answer, records, ...decoded(vector, answer) };
      const outcomes = vector.nondeterministic ?? [vector];
      const agrees = outcomes.some((theirs) => isSame(ours, theirs)) && ours.ambiguous === outcomes.length > 1;
      const isTold = delivered.some(({ ambiguous }) => ambiguous === true);
      if (agrees && isTold === ours.ambiguous) continue;
      if (leftOutIds.has(vector.id)) needed.add(vector.id);
      else disagreements.push({ ours: shown(ours), vector });
    }
  }
  expect(disagreements).toEqual([]);
  expect([...needed].toSorted()).toEqual([...leftOutIds].toSorted());
});

interface Ours {
  readonly answer: VectorAnswer | undefined;
  /** What the sink handed on. */
  readonly records: readonly SeenRecord[];
  /** The same in full; undefined where the vector holds the request as raw bytes. */
  readonly resourceLogs: readonly object[] | undefined;
  readonly ambiguous: boolean;
}

/** What the receiver makes of a body that it took, or would have taken. */
function decoded(vector: Vector, answer: VectorAnswer | undefined): Pick<Ours, 'resourceLogs' | 'ambiguous'> {
  const { request } = vector;
  if (request.raw) return { resourceLogs: undefined, ambiguous: false };
  const outcome = request.method === 'POST' ? decodedOrError(vector) : undefined;
  const isTaken = answer?.status === 200 && outcome !== undefined && !(outcome instanceof DecodeError);
  return { resourceLogs: isTaken ? outcome.resourceLogs() : [], ambiguous: outcome?.ambiguous ?? false };
}

function decodedOrError({ request }: Vector): DecodedBody | DecodeError {
  const header = (name: string): string =>
    request.headers.find(([key]) => key.toLowerCase() === name)?.[1].trim() ?? '';
  try {
    const received = requestBody(request.body);
    openBody(received, header('content-encoding'));
    const body = decodeBody(received, header('content-encoding'), 20 * 1024 * 1024);
    return checkBody(formatOf({ path: request.path.split('?')[0]!, contentType: header('content-type') }), body);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}

function isSame({ answer, records, resourceLogs }: Ours, theirs: Outcome): boolean {
  if (!answer || theirs.response.aborted) return !answer === (theirs.response.aborted === true);
  if (answer.status !== theirs.response.status || !isSameText(answer, theirs)) return false;
  const summary = theirs.recordsSummary;
  if (summary && summary.logRecords !== records.length) return false;
  if (resourceLogs && !isDeepStrictEqual(sortedSeen(seenFromResourceLogs(resourceLogs)), sortedSeen(records)))
    return false;
  if (theirs.records) {
    return resourceLogs
      ? isDeepStrictEqual(
          resourceLogs.map(sortedAttributes),
          (theirs.records as OtlpResourceLogs[]).map(sortedAttributes),
        )
      : isDeepStrictEqual(sortedSeen(records), sortedSeen(seenFromResourceLogs(theirs.records)));
  }
  return !summary?.sha256 || !resourceLogs || sha256(resourceLogs.map(sortedAttributes)) === summary.sha256;
}

/** Headers and body. Of OTLP's errors in JSON the code counts: the text quotes the collector's own parser. */
function isSameText(answer: VectorAnswer, theirs: Outcome): boolean {
  const { status, headers, body = '' } = theirs.response;
  const isJsonError = status >= 400 && headers['content-type'] === 'application/json';
  const names = Object.keys(headers).filter((name) => !(isJsonError && name === 'content-length'));
  if (names.some((name) => answer.headers[name] !== headers[name])) return false;
  return isJsonError ? codeOf(answer.body.toString()) === codeOf(body) : answer.body.equals(expectedBody(theirs));
}

function codeOf(json: string): number {
  return (JSON.parse(json) as { code: number }).code;
}

function shown({ answer, ...ours }: Ours) {
  return { ...answer, body: answer?.body.toString('latin1'), ...ours };
}

/** Of the JSON receiver's attributes the order is random; OTLP's stay as they are, and are compared sorted all the same. */
function sortedAttributes(value: unknown, key?: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value.map((element) => sortedAttributes(element));
    return key === 'attributes' ? (list as { key?: string }[]).toSorted(byKey) : list;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sortedAttributes(inner, name)]));
}

function byKey(a: { key?: string }, b: { key?: string }): number {
  return Buffer.compare(Buffer.from(a.key ?? ''), Buffer.from(b.key ?? ''));
}

function sortedSeen(records: readonly SeenRecord[]): SeenRecord[] {
  return records.map((record) => ({
    ...record,
    resource: record.resource.toSorted(byKey),
    attributes: record.attributes.toSorted(byKey),
  }));
}

/** Of compact JSON with the keys of all objects sorted. */
function sha256(value: unknown): string {
  const json = JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
  return createHash('sha256').update(json).digest('hex');
}
