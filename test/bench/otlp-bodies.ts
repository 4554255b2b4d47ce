// OTLP export requests (protobuf) whose records carry the raw line as their body: encoded ahead, so that a bench measures others.
// Field numbers: opentelemetry-proto, opentelemetry/proto/logs/v1/logs.proto and common/v1/common.proto.

import type { Corpus, CorpusObject } from '../../src/core/model/corpus.ts';

const recordsPerBody = 5000;

export async function encodeBodies(corpus: Corpus, object: CorpusObject): Promise<Uint8Array[]> {
  const bodies: Uint8Array[] = [];
  let records: Uint8Array[] = [];
  const flush = (): void => {
    // ExportLogsServiceRequest.resource_logs = 1, ResourceLogs.scope_logs = 2; records are ScopeLogs.log_records = 2.
    if (records.length > 0) bodies.push(field(1, field(2, Buffer.concat(records))));
    records = [];
  };
  await corpus.scan(object, (bytes, start, end) => {
    // LogRecord.body = 5, AnyValue.string_value = 1.
    records.push(field(2, field(5, field(1, bytes.subarray(start, end)))));
    if (records.length === recordsPerBody) flush();
  });
  flush();
  return bodies;
}

export function field(number: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(content.length)]), content]);
}

export function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}
