import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';

import { openSinkRig } from './rig.ts';
import type { SeenAttribute, SeenRecord } from './seen-record.ts';
import { expectedBody, expectedRecords, readVectors, sendVector, type Outcome, type VectorAnswer } from './vector.ts';

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
  {
    why: 'Not yet: decoders.',
    ids: [
      'json-names-dup-key',
      'lenient-invalid-utf8-trace',
      'json-malformed-deep-5000',
      'json-malformed-deep-unknown',
    ],
  },
];

const leftOutGroups = new Set(leftOut.flatMap(({ groups = [] }) => groups));
const leftOutIds = new Set(leftOut.flatMap(({ ids = [] }) => ids));

const receivers = [
  { file: 'json-receiver.jsonl', url: 'jsonUrl' },
  { file: 'otlp-http.jsonl', url: 'otlpUrl' },
] as const;

test('the self-hosted edition answers and hands on what the real collector did', async () => {
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
      const ours = { answer, records: delivered.flatMap(({ sequence }) => rig.records.get(sequence) ?? []) };
      if ((vector.nondeterministic ?? [vector]).some((theirs) => isSame(ours, theirs, file))) continue;
      if (leftOutIds.has(vector.id)) needed.add(vector.id);
      else disagreements.push({ ours: shown(ours), vector });
    }
  }
  expect(disagreements).toEqual([]);
  expect([...needed].toSorted()).toEqual([...leftOutIds].toSorted());
});

interface Ours {
  readonly answer: VectorAnswer | undefined;
  readonly records: readonly SeenRecord[];
}

function isSame({ answer, records }: Ours, theirs: Outcome, file: string): boolean {
  if (!answer || theirs.response.aborted) return !answer === (theirs.response.aborted === true);
  if (answer.status !== theirs.response.status || !isSameText(answer, theirs)) return false;
  if (!theirs.records) return true;
  const compared = file === 'json-receiver.jsonl' ? sorted(records) : records;
  return isDeepStrictEqual(compared, expectedRecords(theirs));
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

function shown({ answer, records }: Ours) {
  return { ...answer, body: answer?.body.toString('latin1'), records };
}

function sorted(records: readonly SeenRecord[]): SeenRecord[] {
  const byKey = (attributes: readonly SeenAttribute[]): SeenAttribute[] =>
    attributes.toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  return records.map((record) => ({
    ...record,
    resource: byKey(record.resource),
    attributes: byKey(record.attributes),
  }));
}
