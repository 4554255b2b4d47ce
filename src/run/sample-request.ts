// The request that calibration sends: one of the run's own, as it lies in the archive, or a typical one where there is no run.

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { Corpus } from '../core/model/corpus.ts';
import type { ArchiveEntry } from '../sink/archive.ts';

export interface SampleRequest {
  readonly path: string;
  /** OTLP has a port of its own in one edition. */
  readonly isOtlp: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly recordCount: number;
}

/** The first requests that were kept stand for all. */
const lookedAt = 50;

/** Headers that belong to one connection or one body, and keys, which the archive holds masked. */
const left = /^(host|connection|keep-alive|content-length|transfer-encoding|expect|te|.*(key|token|authorization).*)$/;

/** The one of middle size among the first that were kept; undefined where none was. */
export async function archivedRequest(folder: string, key: string): Promise<SampleRequest | undefined> {
  const entries: ArchiveEntry[] = [];
  await using index = await open(join(folder, 'index.ndjson'));
  for await (const line of index.readLines()) {
    const entry = JSON.parse(line) as ArchiveEntry;
    if (entry.kept && entry.recordCount > 0 && entry.storedBytes > 0) entries.push(entry);
    if (entries.length === lookedAt) break;
  }
  const entry = entries.toSorted((a, b) => a.recordCount - b.recordCount)[entries.length >> 1];
  if (!entry) return undefined;
  const body = Buffer.alloc(entry.storedBytes);
  await using file = await open(join(folder, entry.file));
  await file.read(body, 0, body.length, entry.offset);
  const headers = Object.entries(entry.headers).filter(([name]) => !left.test(name));
  return {
    path: entry.path,
    isOtlp: entry.path.endsWith('/v1/logs'),
    headers: { ...Object.fromEntries(headers), 'signoz-ingestion-key': key },
    body,
    recordCount: entry.recordCount,
  };
}

/** Lines of the corpus's first object as bodies of records, gzipped: to `/v1/logs` in protobuf, or to `/logs/json`. */
export async function typicalRequest(
  kind: 'otlp-protobuf' | 'logs-json',
  corpus: Corpus,
  key: string,
): Promise<SampleRequest> {
  const lines: Buffer[] = [];
  await corpus.scan(corpus.objects[0]!, (bytes, start, end) => lines.push(Buffer.from(bytes.subarray(start, end))));
  const isOtlp = kind === 'otlp-protobuf';
  return {
    path: isOtlp ? '/v1/logs' : '/logs/json',
    isOtlp,
    headers: {
      'content-type': isOtlp ? 'application/x-protobuf' : 'application/json',
      'content-encoding': 'gzip',
      'signoz-ingestion-key': key,
    },
    body: gzipSync(isOtlp ? protobufOf(lines) : JSON.stringify(lines.map((line) => ({ body: line.toString() })))),
    recordCount: lines.length,
  };
}

/**
 * ExportLogsServiceRequest.resource_logs = 1, ResourceLogs.scope_logs = 2, ScopeLogs.log_records = 2, LogRecord.body = 5,
 * AnyValue.string_value = 1 (opentelemetry-proto, logs_service.proto, logs.proto, common.proto).
 */
function protobufOf(lines: readonly Buffer[]): Buffer {
  return field(1, field(2, Buffer.concat(lines.map((line) => field(2, field(5, field(1, line)))))));
}

function field(number: number, content: Buffer): Buffer {
  const head = [number * 8 + 2];
  let size = content.length;
  for (; size >= 0x80; size >>>= 7) head.push((size & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...head, size]), content]);
}
