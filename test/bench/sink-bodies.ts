// Requests as forwarders send them to the sink, in each of its formats, from lines of a generated corpus: with the raw line as the
// body alone, or with its 14 fields as attributes besides.

import { generatedCorpus } from '../../src/flowlogs/corpus.ts';
import { defaultFormat } from '../../src/flowlogs/fields.ts';
import { field, varint } from './otlp-bodies.ts';

export type Format = 'otlp-protobuf' | 'otlp-json' | 'logs-json';
export type Content = 'raw-lines' | '14-attributes';

export const paths: Readonly<Record<Format, string>> = {
  'otlp-protobuf': '/v1/logs',
  'otlp-json': '/v1/logs',
  'logs-json': '/logs/json',
};

export const contentTypes: Readonly<Record<Format, string>> = {
  'otlp-protobuf': 'application/x-protobuf',
  'otlp-json': 'application/json',
  'logs-json': 'application/json',
};

export interface Encoded {
  readonly body: Buffer;
  readonly recordCount: number;
}

const whole = new Set(['version', 'srcport', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end']);

/** Start of the corpus's first window. */
export const corpusStartMs = Date.UTC(2026, 0, 1);

/** Lines of a web VPC. */
export async function corpusLines(records: number): Promise<readonly string[]> {
  const corpus = generatedCorpus({ preset: 'web-vpc', seed: 42, records, startMs: corpusStartMs, maxRecords: 10_000 });
  const lines: string[] = [];
  for (const object of corpus.objects) {
    await corpus.scan(object, (bytes, start, end) => lines.push(Buffer.from(bytes.subarray(start, end)).toString()));
  }
  return lines;
}

export function encodeRequest(format: Format, content: Content, lines: readonly string[]): Encoded {
  return { body: encoders[format](content, lines), recordCount: lines.length };
}

/** As many whole records as fit into `sizeBytes`, and the bodies one after the other from the lines. */
export function requestOfSize(
  format: Format,
  content: Content,
  { sizeBytes, lines }: { sizeBytes: number; lines: readonly string[] },
): Encoded {
  const perRecord = encodeRequest(format, content, lines.slice(0, 1000)).body.length / 1000;
  let count = Math.floor(sizeBytes / perRecord);
  let encoded = encodeRequest(format, content, lines.slice(0, count));
  for (; encoded.body.length > sizeBytes; count -= 10) encoded = encodeRequest(format, content, lines.slice(0, count));
  return encoded;
}

const scope = 'bench';

type Value = string | number;

function attributesOf(line: string): [name: string, value: Value][] {
  return line
    .split(' ')
    .map((token, i): [string, string] => [defaultFormat[i]!, token])
    .filter(([, token]) => token !== '-')
    .map(([name, token]) => [name, whole.has(name) ? Number(token) : token]);
}

/** The record's time: the end of its window. */
function timeS(line: string): number {
  return Number(line.split(' ')[defaultFormat.indexOf('end')]);
}

const encoders: Readonly<Record<Format, (content: Content, lines: readonly string[]) => Buffer>> = {
  'otlp-protobuf': (content, lines) => {
    // LogRecord (opentelemetry-proto, logs.proto): time_unix_nano = 1, body = 5, attributes = 6.
    const records = lines.map((line) => {
      const time = Buffer.alloc(9, 0x09);
      time.writeBigUInt64LE(BigInt(timeS(line)) * 1_000_000_000n, 1);
      const attributes = content === 'raw-lines' ? [] : attributesOf(line);
      return field(
        2,
        Buffer.concat([
          time,
          field(5, field(1, Buffer.from(line))),
          ...attributes.map(([name, value]) =>
            field(6, Buffer.concat([field(1, Buffer.from(name)), field(2, protobufValue(value))])),
          ),
        ]),
      );
    });
    // ScopeLogs: scope = 1 (its name = 1) stands before log_records = 2, as every SDK writes it.
    return Buffer.from(field(1, field(2, Buffer.concat([field(1, field(1, Buffer.from(scope))), ...records]))));
  },
  'otlp-json': (content, lines) => {
    const logRecords = lines.map((line) => ({
      timeUnixNano: `${timeS(line)}000000000`,
      body: { stringValue: line },
      ...(content === 'raw-lines'
        ? {}
        : {
            attributes: attributesOf(line).map(([key, value]) => ({
              key,
              value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
            })),
          }),
    }));
    return Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ scope: { name: scope }, logRecords }] }] }));
  },
  'logs-json': (content, lines) =>
    Buffer.from(
      JSON.stringify(
        lines.map((line) => ({
          timestamp: timeS(line),
          body: line,
          ...(content === 'raw-lines' ? {} : { attributes: Object.fromEntries(attributesOf(line)) }),
        })),
      ),
    ),
};

/** AnyValue: string_value = 1, int_value = 3. */
function protobufValue(value: Value): Uint8Array {
  if (typeof value === 'string') return field(1, Buffer.from(value));
  return Buffer.from([0x18, ...varint(value)]);
}
