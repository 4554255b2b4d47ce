// The messages of an OTLP logs request: opentelemetry-proto (collector/logs/v1/logs_service.proto, logs/v1/logs.proto,
// common/v1/common.proto, resource/v1/resource.proto). One table for both encodings and for what is told of either.

import { FieldNames } from './field-names.ts';

/** How a field is encoded in protobuf, and what it is in JSON. */
export type FieldKind =
  | 'text'
  | 'bytes'
  | 'id'
  | 'boolean'
  | 'int64'
  | 'uint32'
  | 'enum'
  | 'double'
  | 'fixed64'
  | 'fixed32'
  | 'message';

export interface Field {
  readonly number: number;
  /** In lowerCamelCase; JSON knows it in snake_case, too. */
  readonly name: string;
  readonly kind: FieldKind;
  readonly message?: MessageName;
  readonly isRepeated?: boolean;
  /** The message is there though it was not sent. */
  readonly isAlwaysThere?: boolean;
  /** Of an id. */
  readonly sizeBytes?: number;
}

export type MessageName = keyof typeof messages;

const attributes = (number: number) =>
  ({ number, name: 'attributes', kind: 'message', message: 'keyValue', isRepeated: true }) as const;
const dropped = (number: number) => ({ number, name: 'droppedAttributesCount', kind: 'uint32' }) as const;
const schemaUrl = (number: number) => ({ number, name: 'schemaUrl', kind: 'text' }) as const;
const scopeLogs = (number: number, name: string) =>
  ({ number, name, kind: 'message', message: 'scopeLogs', isRepeated: true }) as const;
const single = (number: number, name: string, message: string) =>
  ({ number, name, kind: 'message', message, isAlwaysThere: true }) as const;

const messages = {
  request: [{ number: 1, name: 'resourceLogs', kind: 'message', message: 'resourceLogs', isRepeated: true }],
  resourceLogs: [
    single(1, 'resource', 'resource'),
    scopeLogs(2, 'scopeLogs'),
    schemaUrl(3),
    scopeLogs(1000, 'deprecatedScopeLogs'),
  ],
  resource: [
    attributes(1),
    dropped(2),
    { number: 3, name: 'entityRefs', kind: 'message', message: 'entityRef', isRepeated: true },
  ],
  entityRef: [
    schemaUrl(1),
    { number: 2, name: 'type', kind: 'text' },
    { number: 3, name: 'idKeys', kind: 'text', isRepeated: true },
    { number: 4, name: 'descriptionKeys', kind: 'text', isRepeated: true },
  ],
  scopeLogs: [
    single(1, 'scope', 'scope'),
    { number: 2, name: 'logRecords', kind: 'message', message: 'record', isRepeated: true },
    schemaUrl(3),
  ],
  scope: [
    { number: 1, name: 'name', kind: 'text' },
    { number: 2, name: 'version', kind: 'text' },
    attributes(3),
    dropped(4),
  ],
  record: [
    { number: 1, name: 'timeUnixNano', kind: 'fixed64' },
    { number: 11, name: 'observedTimeUnixNano', kind: 'fixed64' },
    { number: 2, name: 'severityNumber', kind: 'enum' },
    { number: 3, name: 'severityText', kind: 'text' },
    single(5, 'body', 'value'),
    attributes(6),
    dropped(7),
    { number: 8, name: 'flags', kind: 'fixed32' },
    { number: 9, name: 'traceId', kind: 'id', sizeBytes: 16 },
    { number: 10, name: 'spanId', kind: 'id', sizeBytes: 8 },
    { number: 12, name: 'eventName', kind: 'text' },
  ],
  keyValue: [{ number: 1, name: 'key', kind: 'text' }, single(2, 'value', 'value')],
  /** AnyValue: a oneof, of which the last one that is set stands. */
  value: [
    { number: 1, name: 'stringValue', kind: 'text' },
    { number: 2, name: 'boolValue', kind: 'boolean' },
    { number: 3, name: 'intValue', kind: 'int64' },
    { number: 4, name: 'doubleValue', kind: 'double' },
    { number: 5, name: 'arrayValue', kind: 'message', message: 'arrayValue' },
    { number: 6, name: 'kvlistValue', kind: 'message', message: 'keyValueList' },
    { number: 7, name: 'bytesValue', kind: 'bytes' },
  ],
  arrayValue: [{ number: 1, name: 'values', kind: 'message', message: 'value', isRepeated: true }],
  keyValueList: [{ number: 1, name: 'values', kind: 'message', message: 'keyValue', isRepeated: true }],
} as const;

/** Fields of a message in the order in which the collector writes them. */
export function fieldsOf(message: MessageName): readonly Field[] {
  return messages[message] as readonly Field[];
}

const byNumber = Object.fromEntries(
  Object.keys(messages).map((name) => [name, new Map(fieldsOf(name as MessageName).map((one) => [one.number, one]))]),
) as unknown as Readonly<Record<MessageName, ReadonlyMap<number, Field>>>;

export function fieldOf(message: MessageName, number: number): Field | undefined {
  return byNumber[message].get(number);
}

/**
 * The names of a message's fields in JSON, to their numbers. The field of ResourceLogs that was set aside for old senders has none there
 * (open-telemetry/opentelemetry-collector, pdata/internal/otlp/logs.go).
 */
export const jsonNames = Object.fromEntries(
  Object.keys(messages).map((name) => {
    const known = fieldsOf(name as MessageName).filter(({ number }) => number < 1000);
    return [name, new FieldNames(Object.fromEntries(known.flatMap(spellings)))];
  }),
) as unknown as Readonly<Record<MessageName, FieldNames>>;

function spellings({ name, number }: Field): [string, number][] {
  return [
    [name, number],
    [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), number],
  ];
}
