// A body that is a JSON object, as Datadog's forwarder and others send it, or a map of OpenTelemetry's: its members become attributes
// named `body.PATH`, and a text among them that is as long as a line of the corpus becomes the body. What it makes is a view of its own,
// filled anew for each record.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import { emptyRecordView, growRecordView } from '../../core/model/record-view.ts';
import { hasOtherBody, membersOfBody, type Members } from './structured-body.ts';

export const openBrace = 0x7b;
const closeBrace = 0x7d;
/** Members of one body that are looked at, and how deep. */
const mostMembers = 512;
const mostDepth = 16;

/** Names of members begin with it. */
export const bodyPrefix = 'body.';

export class JsonBodies {
  readonly #lineLengths: ReadonlySet<number>;
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  readonly #view = emptyRecordView(64);
  #bytes = new Uint8Array(16_384);
  #length = 0;

  /** Numbers of tokens that lines of the corpus have. */
  constructor(lineLengths: ReadonlySet<number>) {
    this.#lineLengths = lineLengths;
  }

  /** The same view where its body is neither; else one that is valid until the next call. */
  open(view: RecordView): RecordView {
    const isText = view.bodyStart >= 0 && view.source[view.bodyStart] === openBrace;
    if (!isText && !hasOtherBody(view)) return view;
    const members = isText ? this.#parse(view) : membersOfBody(view);
    if (!members) return view;
    this.#length = 0;
    const own = this.#view;
    own.bodyStart = own.bodyEnd = -1;
    own.timestampMs = view.timestampMs;
    own.attributeCount = 0;
    for (let slot = 0; slot < view.attributeCount; slot++) this.#copy(view, slot);
    own.resourceAttributeCount = view.resourceAttributeCount;
    own.scopeAttributeEnd = view.scopeAttributeEnd;
    this.#addMembers(members, bodyPrefix, 0);
    own.source = this.#bytes;
    return own;
  }

  #parse(view: RecordView): Members | undefined {
    let end = view.bodyEnd;
    while (end > view.bodyStart && view.source[end - 1]! <= 0x20) end -= 1;
    if (view.source[end - 1] !== closeBrace) return undefined;
    const text = this.#decoder.decode(view.source.subarray(view.bodyStart, end));
    try {
      return JSON.parse(text, ...exactNumbers(text)) as Members;
    } catch {
      return undefined;
    }
  }

  #addMembers(members: object, path: string, depth: number): void {
    for (const [name, value] of Object.entries(members) as [string, unknown][]) {
      if (this.#view.attributeCount >= mostMembers) return;
      const own = path + name;
      if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < mostDepth) {
        this.#addMembers(value, `${own}.`, depth + 1);
      } else this.#addMember(own, value);
    }
  }

  #addMember(name: string, value: unknown): void {
    const view = this.#view;
    const slot = this.#takeSlot();
    [view.keyStart[slot], view.keyEnd[slot]] = this.#write(name);
    if (typeof value === 'number' || typeof value === 'boolean') {
      view.valueKind[slot] = typeof value === 'number' ? valueKinds.double : valueKinds.boolean;
      view.number[slot] = Number(value);
    } else if (value !== null) {
      view.valueKind[slot] = typeof value === 'string' ? valueKinds.text : valueKinds.other;
      // A list, or what lies too deep, is no way to write a field: that it is there is enough.
      const range = this.#write(typeof value === 'string' ? value : '[...]');
      [view.valueStart[slot], view.valueEnd[slot]] = range;
      if (typeof value === 'string' && view.bodyStart < 0 && this.#isLine(value))
        [view.bodyStart, view.bodyEnd] = range;
    }
  }

  #isLine(text: string): boolean {
    return text.includes(' ') && this.#lineLengths.has(text.trim().split(/[ \t]+/).length);
  }

  #copy(view: RecordView, from: number): void {
    const own = this.#view;
    const slot = this.#takeSlot();
    [own.keyStart[slot], own.keyEnd[slot]] = this.#put(view.source, view.keyStart[from]!, view.keyEnd[from]!);
    own.valueKind[slot] = view.valueKind[from]!;
    [own.valueStart[slot], own.valueEnd[slot]] = this.#put(view.source, view.valueStart[from]!, view.valueEnd[from]!);
    own.integerLow[slot] = view.integerLow[from]!;
    own.integerHigh[slot] = view.integerHigh[from]!;
    own.number[slot] = view.number[from]!;
  }

  #takeSlot(): number {
    const view = this.#view;
    const slot = view.attributeCount++;
    if (slot === view.keyStart.length) growRecordView(view);
    view.valueKind[slot] = valueKinds.other;
    view.valueStart[slot] = view.valueEnd[slot] = 0;
    return slot;
  }

  #write(text: string): [start: number, end: number] {
    this.#reserve(text.length * 3);
    const start = this.#length;
    this.#length += this.#encoder.encodeInto(text, this.#bytes.subarray(start)).written;
    return [start, this.#length];
  }

  #put(source: Uint8Array, start: number, end: number): [start: number, end: number] {
    this.#reserve(end - start);
    this.#bytes.set(source.subarray(start, end), this.#length);
    this.#length += end - start;
    return [this.#length - (end - start), this.#length];
  }

  #reserve(room: number): void {
    if (this.#length + room <= this.#bytes.length) return;
    const bytes = new Uint8Array((this.#length + room) * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** Numbers beyond a double stay as they were written: only where there may be one, for a reviver costs more than the parsing. */
function exactNumbers(text: string): [] | [(key: string, value: unknown) => unknown] {
  if (!/\d{16}/.test(text)) return [];
  const reviver: Reviver = (_, value, { source }) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && source ? source : value;
  return [reviver as (key: string, value: unknown) => unknown];
}
