// Records decoded, validated and booked on one core, apart from the answer: a body's bytes go through what the sink and its ledger do
// with them. Beside it, the same bytes through a parser that anyone would take: JSON.parse, or protobufjs's generated decoder.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import protobuf from 'protobufjs';

import { defaultFormat } from '../../../src/flowlogs/fields.ts';
import { openLedger, type Ledger } from '../../../src/oracle/index.ts';
import { decodeBody } from '../../../src/sink/decode/content-encoding.ts';
import { checkBody, formatOf } from '../../../src/sink/decode/index.ts';
import type { Round, Row } from '../row.ts';
import {
  contentTypes,
  corpusLines,
  encodeRequest,
  paths,
  type Content,
  type Encoded,
  type Format,
} from '../sink-bodies.ts';

const limitBytes = 20 * 1024 * 1024;
const recordsPerBody = 2000;
const bodyCount = 10;

/** What opentelemetry-proto says of the messages that a request is made of (logs_service.proto, logs.proto, common.proto). */
const proto = `
  syntax = "proto3";
  message ExportLogsServiceRequest { repeated ResourceLogs resource_logs = 1; }
  message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
  message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
  message ScopeLogs { InstrumentationScope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
  message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
  message LogRecord {
    fixed64 time_unix_nano = 1; fixed64 observed_time_unix_nano = 11; int32 severity_number = 2; string severity_text = 3;
    AnyValue body = 5; repeated KeyValue attributes = 6; uint32 dropped_attributes_count = 7; fixed32 flags = 8;
    bytes trace_id = 9; bytes span_id = 10;
  }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value {
      string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
      ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
    }
  }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
`;
const exportRequest = protobuf.parse(proto).root.lookupType('ExportLogsServiceRequest');

type Encoding = 'plain' | 'gzip';

/** Holds what a parser made until the next one, so that its work is not optimised away. */
let parsed: unknown;

function parse(format: Format, encoding: Encoding, body: Buffer): void {
  const plain = encoding === 'gzip' ? gunzipSync(body) : body;
  parsed = format === 'otlp-protobuf' ? exportRequest.decode(plain) : JSON.parse(plain.toString());
}

function book(ledger: Ledger, sequence: number, request: { format: Format; encoding: Encoding; body: Buffer }): void {
  const { format, encoding } = request;
  const body = decodeBody(request.body, encoding === 'gzip' ? 'gzip' : '', limitBytes);
  const decoded = checkBody(formatOf({ path: paths[format], contentType: contentTypes[format] }), body);
  ledger.arriveAll(sequence, (visit) =>
    decoded.visit((view, index) => {
      visit(view, index);
      return false;
    }),
  );
}

async function round(format: Format, encoding: Encoding, bodies: readonly Encoded[]): Promise<Round> {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-bench-'));
  try {
    await using ledger = openLedger({ fields: [defaultFormat], seed: 1, folder });
    let oursMs = 0;
    let baselineMs = 0;
    let records = 0;
    // Body by body, so that a busy neighbour on the machine slows both.
    for (const [index, { body, recordCount }] of bodies.entries()) {
      const beganMs = performance.now();
      book(ledger, index + 1, { format, encoding, body });
      const middleMs = performance.now();
      parse(format, encoding, body);
      oursMs += middleMs - beganMs;
      baselineMs += performance.now() - middleMs;
      records += recordCount;
    }
    if (ledger.kinds.record !== records) throw new Error(`booked ${ledger.kinds.record} of ${records} records`);
    const bytes = bodies.reduce((sum, { body }) => sum + body.length, 0);
    return {
      ours: (records / oursMs) * 1000,
      baseline: (records / baselineMs) * 1000,
      note: `${(bytes / records).toFixed(0)} bytes a record${parsed === undefined ? ', nothing parsed' : ''}`,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function rowOf(format: Format, content: Content, encoding: Encoding): Row {
  let bodies: readonly Encoded[] | undefined;
  const encode = async (): Promise<readonly Encoded[]> => {
    const lines = await corpusLines(recordsPerBody * bodyCount);
    return Array.from({ length: bodyCount }, (_, i) => {
      const some = lines.slice(i * recordsPerBody, (i + 1) * recordsPerBody);
      const { body, recordCount } = encodeRequest(format, content, some);
      return { body: encoding === 'gzip' ? gzipSync(body, { level: 1 }) : body, recordCount };
    });
  };
  return {
    name: `sink-records-${format}-${content}-${encoding}`,
    unit: 'records/s',
    baseline: format === 'otlp-protobuf' ? "protobufjs's generated decoder" : 'JSON.parse of the text',
    goal: { ours: content === 'raw-lines' ? 500_000 : 150_000 },
    async run() {
      bodies ??= await encode();
      return round(format, encoding, bodies);
    },
  };
}

const formats: readonly Format[] = ['otlp-protobuf', 'otlp-json', 'logs-json'];
const contents: readonly Content[] = ['raw-lines', '14-attributes'];
const encodings: readonly Encoding[] = ['plain', 'gzip'];

export const recordRows: readonly Row[] = formats.flatMap((format) =>
  contents.flatMap((content) => encodings.map((encoding) => rowOf(format, content, encoding))),
);
