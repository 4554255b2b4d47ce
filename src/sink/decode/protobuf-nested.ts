// Arrays and key-value lists within AnyValues of protobuf, checked without recursion, since the collector sets no limit to their nesting; and
// fields that a message does not know.

import { DecodeError } from './decode-error.ts';
import { fieldOf, type Field, type MessageName } from './otlp-messages.ts';
import type { WireReader } from './protobuf-wire.ts';

const nestable = ['value', 'arrayValue', 'keyValueList', 'keyValue'] as const;
type Nestable = (typeof nestable)[number];

const wireTypeOf = {
  text: 2,
  bytes: 2,
  id: 2,
  message: 2,
  boolean: 0,
  int64: 0,
  uint32: 0,
  enum: 0,
  double: 1,
  fixed64: 1,
  fixed32: 5,
};

/** Takes messages that nest, and keeps nothing of them. */
export class NestedMessages {
  private readonly reader: WireReader;
  /** Of each message that is open: where it ends, and its place in `nestable`. */
  private ends = new Int32Array(64);
  private messages = new Uint8Array(64);
  private depth = 0;

  constructor(reader: WireReader) {
    this.reader = reader;
  }

  take(message: Nestable, end: number): void {
    const { reader } = this;
    this.depth = 0;
    this.push(message, end);
    while (this.depth > 0) {
      const innermost = this.depth - 1;
      const innermostEnd = this.ends[innermost]!;
      if (reader.position >= innermostEnd) this.depth--;
      else this.field(nestable[this.messages[innermost]!]!, innermostEnd);
    }
  }

  private field(message: Nestable, end: number): void {
    const { reader } = this;
    const tag = reader.readTag(end);
    const field = knownField(message, tag);
    if (field?.kind === 'message') this.push(field.message as Nestable, reader.readLength(end));
    else if (field) reader.skip(tag & 7, end);
    else skipUnknown(reader, { message, tag, end });
  }

  private push(message: Nestable, end: number): void {
    if (this.depth === this.ends.length) {
      const ends = new Int32Array(this.depth * 2);
      const messages = new Uint8Array(this.depth * 2);
      ends.set(this.ends);
      messages.set(this.messages);
      this.ends = ends;
      this.messages = messages;
    }
    this.ends[this.depth] = end;
    this.messages[this.depth++] = nestable.indexOf(message);
  }
}

function knownField(message: MessageName, tag: number): Field | undefined {
  const field = fieldOf(message, Math.floor(tag / 8));
  return field && wireTypeOf[field.kind] === (tag & 7) ? field : undefined;
}

/** Steps over a field that the message does not know; a known one that came here has the wrong wire type. */
export function skipUnknown(
  reader: WireReader,
  { message, tag, end }: { message: MessageName; tag: number; end: number },
): void {
  const field = fieldOf(message, Math.floor(tag / 8));
  if (field) {
    const name = field.name[0]!.toUpperCase() + field.name.slice(1);
    throw new DecodeError(`proto: wrong wireType = ${tag & 7} for field ${name}`);
  }
  reader.skip(tag & 7, end);
}
