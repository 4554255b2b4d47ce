import { expect, test } from 'vitest';

import { openSinkRig, sendRaw } from './rig.ts';
import type { SeenAttribute, SeenRecord } from './seen-record.ts';
import { expectedBody, expectedRecords, readVectors, requestBytes, type Vector } from './vector.ts';

const receivers = [
  { file: 'json-receiver.jsonl', url: 'jsonUrl' },
  { file: 'otlp-http.jsonl', url: 'otlpUrl' },
] as const;

for (const { file, url } of receivers) {
  test(`the self-hosted edition answers and hands on what the real collector did: ${file}`, async () => {
    await using rig = await openSinkRig({ edition: 'selfhost' });
    const disagreements: unknown[] = [];
    for (const vector of readVectors(file)) {
      const isHead = vector.request.method === 'HEAD';
      const answer = await sendRaw(rig.sink[url], requestBytes(vector), isHead);
      await rig.sink.idle();
      const sequence = rig.deliveries.at(-1)!.sequence;
      const ours = {
        status: answer.status,
        headers: comparedHeaders(answer.headers),
        body: comparedBody(vector, answer.body),
        records: file === 'json-receiver.jsonl' ? sorted(rig.records.get(sequence)) : (rig.records.get(sequence) ?? []),
      };
      const theirs = {
        status: vector.response.status,
        headers: comparedHeaders(vector.response.headers),
        body: comparedBody(vector, expectedBody(vector)),
        records: vector.records ? expectedRecords(vector) : ours.records,
      };
      try {
        expect(ours).toEqual(theirs);
      } catch {
        disagreements.push({ id: vector.id, ours, theirs });
      }
    }
    expect(disagreements).toEqual([]);
    expect(rig.deliveries.length).toBe(readVectors(file).length);
  });
}

function comparedHeaders(headers: Readonly<Record<string, string>>) {
  return {
    type: headers['content-type'],
    location: headers['location'],
    length: headers['content-length'] !== undefined,
  };
}

/** Of OTLP's 400 the code counts: the text quotes the collector's own parser. Protobuf texts are ours word for word. */
function comparedBody(vector: Vector, body: Buffer): unknown {
  const type = vector.response.headers['content-type'];
  const isJsonStatus = vector.response.status >= 400 && type === 'application/json';
  return isJsonStatus ? (JSON.parse(body.toString()) as { code: number }).code : body.toString('latin1');
}

function sorted(records: readonly SeenRecord[] = []): SeenRecord[] {
  const byKey = (attributes: readonly SeenAttribute[]): SeenAttribute[] =>
    attributes.toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  return records.map((record) => ({
    ...record,
    resource: byKey(record.resource),
    attributes: byKey(record.attributes),
  }));
}
