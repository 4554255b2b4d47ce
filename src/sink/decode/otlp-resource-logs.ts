// What the OTLP receiver hands on, as the collector itself writes it in OTLP JSON (open-telemetry/opentelemetry-collector,
// pdata/internal/generated_proto_*.go, MarshalJSON): zeros and empty texts are left out, 64-bit integers are texts, ids are hex. Slow and
// complete, where the walks over bodies are fast and keep only what is judged. Bodies were checked before.

import { int32, int64, readInteger, uint32, uint64 } from './collector-integers.ts';
import { CollectorJsonReader, noField } from './collector-json.ts';
import { NestedValues, readBase64, readFloat, valueFields } from './otlp-json-values.ts';
import { fieldOf, fieldsOf, jsonNames, type Field, type MessageName } from './otlp-messages.ts';
import { WireReader } from './protobuf-wire.ts';
import { TextScratch } from './text-scratch.ts';

type Message = Record<string, unknown>;

/** Arrays and lists that nest deeper are told as empty ones: nobody reads them, and JSON.stringify would run the stack out. */
const toldDepth = 500;

/** The `resourceLogs` of at most so many records of a protobuf body. */
export function protobufResourceLogs(body: Uint8Array, recordLimit: number): readonly object[] {
  return resourceLogsOf(new ProtobufMessages(body, recordLimit).request());
}

/** The `resourceLogs` of at most so many records of a JSON body. */
export function jsonResourceLogs(body: Uint8Array, recordLimit: number): readonly object[] {
  return resourceLogsOf(new JsonMessages(body, recordLimit).request());
}

function resourceLogsOf(request: Message): readonly object[] {
  return (request['resourceLogs'] as object[] | undefined) ?? [];
}

/** What both encodings share: where a field goes, and when there are records enough. */
abstract class Messages {
  protected depth = 0;
  private recordsLeft: number;

  constructor(recordLimit: number) {
    this.recordsLeft = recordLimit;
  }

  protected get isOver(): boolean {
    return this.recordsLeft <= 0;
  }

  /** The object that the fields of an inner message go into. */
  protected begin(into: Message, owner: MessageName, field: Field): Message {
    const isMerged = !field.isRepeated && owner !== 'value';
    const inner = (isMerged ? (into[field.name] as Message | undefined) : undefined) ?? {};
    this.put(into, owner, field, inner);
    return inner;
  }

  protected end(inner: Message, message: MessageName): Message {
    for (const { name, isAlwaysThere } of fieldsOf(message)) if (isAlwaysThere) inner[name] ??= {};
    if (message === 'record') this.recordsLeft--;
    if (message === 'resourceLogs') {
      // The field of old senders counts only where the other is absent (pdata/internal/otlp/logs.go, MigrateLogs).
      if (inner['deprecatedScopeLogs']) inner['scopeLogs'] ??= inner['deprecatedScopeLogs'];
      delete inner['deprecatedScopeLogs'];
    }
    return inner;
  }

  protected put(into: Message, owner: MessageName, field: Field, value: unknown): void {
    if (field.isRepeated) {
      const list = (into[field.name] ??= []) as unknown[];
      list.push(value);
      return;
    }
    if (owner === 'value') for (const kind of Object.keys(into)) delete into[kind];
    else if (value === '' || value === 0 || value === '0') {
      delete into[field.name];
      return;
    }
    into[field.name] = value;
  }
}

class ProtobufMessages extends Messages {
  private readonly reader: WireReader;

  constructor(body: Uint8Array, recordLimit: number) {
    super(recordLimit);
    this.reader = new WireReader(body);
  }

  request(): Message {
    return this.message('request', {}, this.reader.bytes.length);
  }

  private message(name: MessageName, into: Message, end: number): Message {
    const { reader } = this;
    this.depth++;
    while (reader.position < end && !this.isOver) {
      const tag = reader.readTag(end);
      const field = fieldOf(name, Math.floor(tag / 8));
      if (!field) reader.skip(tag & 7, end);
      else if (field.kind !== 'message') this.put(into, name, field, this.scalar(field, end));
      else {
        const innerEnd = reader.readLength(end);
        const inner = this.begin(into, name, field);
        if (this.depth > toldDepth) reader.position = innerEnd;
        else this.message(field.message!, inner, innerEnd);
      }
    }
    this.depth--;
    return this.end(into, name);
  }

  private scalar(field: Field, end: number): unknown {
    const { reader } = this;
    switch (field.kind) {
      case 'text':
        return this.take(end).toString('utf8');
      case 'bytes':
        return this.take(end).toString('base64');
      case 'id':
        return hexId(this.take(end).toString('hex'));
      case 'fixed64':
      case 'double':
        reader.readFixed64(end);
        return field.kind === 'double' ? toldDouble(doubleOf(reader)) : String(wordsOf(reader));
      case 'fixed32': {
        const at = reader.position;
        reader.skip(5, end);
        return Buffer.from(reader.bytes.subarray(at, at + 4)).readUInt32LE();
      }
      default:
        reader.readVarint(end);
        return integerOf(field, reader);
    }
  }

  private take(end: number): Buffer {
    const { reader } = this;
    const fieldEnd = reader.readLength(end);
    const taken = Buffer.from(reader.bytes.subarray(reader.position, fieldEnd));
    reader.position = fieldEnd;
    return taken;
  }
}

class JsonMessages extends Messages {
  private readonly reader: CollectorJsonReader;
  private readonly nested: NestedValues;

  constructor(body: Uint8Array, recordLimit: number) {
    super(recordLimit);
    this.reader = new CollectorJsonReader(body, new TextScratch(body), true);
    this.nested = new NestedValues(this.reader);
  }

  request(): Message {
    return this.message('request', {});
  }

  private message(name: MessageName, into: Message): Message {
    const { reader } = this;
    this.depth++;
    while (!this.isOver) {
      const number = reader.readField(jsonNames[name]);
      if (number === noField) break;
      const field = fieldOf(name, number);
      if (!field) reader.skip();
      else if (!field.isRepeated) this.field(into, name, field);
      else while (!this.isOver && reader.readArray()) this.field(into, name, field);
    }
    this.depth--;
    return this.end(into, name);
  }

  private field(into: Message, owner: MessageName, field: Field): void {
    if (field.kind !== 'message') return this.put(into, owner, field, this.scalar(field));
    const inner = this.begin(into, owner, field);
    const isList = owner === 'value' && (field.number === valueFields.array || field.number === valueFields.list);
    if (isList && this.depth > toldDepth) this.nested.take(field.number);
    else this.message(field.message!, inner);
  }

  private scalar(field: Field): unknown {
    const { reader } = this;
    switch (field.kind) {
      case 'text':
        reader.readText();
        return reader.lastText();
      case 'bytes':
        readBase64(reader);
        return Buffer.from(reader.lastText(), 'base64').toString('base64');
      case 'id':
        reader.readRawText();
        return hexId(reader.lastText().toLowerCase());
      case 'boolean':
        return reader.readBoolean();
      case 'double':
        return toldDouble(readFloat(reader));
      case 'enum':
        return this.severityNumber();
      default:
        readInteger(reader, field.kind === 'int64' ? int64 : field.kind === 'fixed64' ? uint64 : uint32);
        return integerOf(field, reader);
    }
  }

  private severityNumber(): number {
    const { reader } = this;
    if (reader.peek() !== 0x22) {
      readInteger(reader, int32);
      return reader.low | 0;
    }
    reader.readText();
    const [, level = '', step = '1'] =
      /_NUMBER_(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)(\d)?$/.exec(reader.lastText()) ?? [];
    return level === '' ? 0 : ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].indexOf(level) * 4 + Number(step);
  }
}

type Words = Pick<WireReader, 'low' | 'high'>;

function integerOf(field: Field, words: Words): unknown {
  switch (field.kind) {
    case 'boolean':
      return words.low !== 0 || words.high !== 0;
    case 'int64':
      return String(BigInt.asIntN(64, wordsOf(words)));
    case 'fixed64':
      return String(wordsOf(words));
    case 'enum':
      return words.low | 0;
    default:
      return words.low;
  }
}

function wordsOf({ low, high }: Words): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

function doubleOf({ low, high }: Words): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, high);
  view.setUint32(4, low);
  return view.getFloat64(0);
}

/** JSON has no numbers for these; the collector writes their names. */
function toldDouble(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** All zeros are no id. */
function hexId(hex: string): string {
  return /^0*$/.test(hex) ? '' : hex;
}
