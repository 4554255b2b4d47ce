// Two request bodies out of one that SigNoz refused for its size or for a record in it. Only the compressed body was kept, so it is
// inflated again: a price for the rare case instead of memory for every batch.

import { gunzipSync, gzipSync } from 'node:zlib';
import type { Batch } from './batch.ts';
import { lengthDelimited } from './wire.ts';

interface Group {
  readonly resource: Buffer;
  readonly scope: Buffer;
  readonly records: readonly Buffer[];
}

/** The first and the second half of its records, in order. The batch has at least two. */
export function halve(batch: Batch): [Batch, Batch] {
  const groups = fields(gunzipSync(batch.body)).map(readGroup);
  const middle = Math.floor(batch.recordCount / 2);
  return [encode(groups, 0, middle), encode(groups, middle, batch.recordCount)];
}

function encode(groups: readonly Group[], from: number, to: number): Batch {
  const parts: Buffer[] = [];
  let first = 0;
  for (const { resource, scope, records } of groups) {
    const wanted = records.slice(Math.max(0, from - first), Math.max(0, to - first));
    first += records.length;
    if (wanted.length > 0) parts.push(lengthDelimited(1, resource, lengthDelimited(2, scope, ...wanted)));
  }
  return { body: gzipSync(Buffer.concat(parts), { level: 1 }), recordCount: to - from };
}

/** ResourceLogs as we write it: resource, then one ScopeLogs of scope and records. */
function readGroup(resourceLogs: Field): Group {
  const [resource, scopeLogs] = fields(resourceLogs.content);
  const [scope, ...records] = fields(scopeLogs!.content);
  return { resource: resource!.whole, scope: scope!.whole, records: records.map((record) => record.whole) };
}

interface Field {
  /** With its tag and length. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

/** The fields of a message whose fields are all length-delimited and numbered below 16. */
function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  for (let at = 0; at < message.length;) {
    const start = at++;
    let length = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = message[at++]!;
      length += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    found.push({ whole: message.subarray(start, at + length), content: message.subarray(at, at + length) });
    at += length;
  }
  return found;
}
