// The JSON receiver of SigNoz: an array of flat records, taken whole or refused whole. Rules and texts are those of
// SigNoz/signoz-otel-collector, receiver/httplogreceiver/bodyparser/json.go. Where the real one depends on the random order of
// Go's maps, ours takes the outcome that loses nothing: flat keys stand beside `attributes`; of `body` and `message` the later one
// stands, and of several wrong types the first is told, which are what the real one does most often.
// No object is made per record and no tree of the body. Two walks that read each record, where the one that checks a body mostly steps over
// them now (usual-records.ts), took 0.5 to 0.8 us a record of one line and 2.0 to 2.4 us one of 14 attributes besides, in CPU time on a
// busy machine; JSON.parse of the same text, interleaved, 0.3 to 0.4 us and 1.4 to 2.0 us, with a tree of several times the body's memory
// and none of goccy's rules.

import type { RecordView } from '../../core/model/delivery.ts';
import { valueKinds } from '../../core/model/delivery.ts';
import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  letterF,
  letterN,
  letterT,
  nul,
  openBrace,
  openBracket,
  quote,
} from './ascii.ts';
import { AttributeSlots } from './attribute-slots.ts';
import { follows } from '../byte-page.ts';
import type { DecodeError } from './decode-error.ts';
import { GoJsonReader, isNumberStart } from './go-json.ts';
import { GoJsonText } from './go-json-text.ts';
import { codeOf, isReserved, keyCodes, KeySequence } from './record-keys.ts';
import type { TemplateRules } from './record-template.ts';
import type { AgeWatch, VisitUntil } from './record-view.ts';
import { ReservedKeys } from './reserved-keys.ts';
import { readUsualMembers } from './usual-members.ts';
import { UsualRecords } from './usual-records.ts';
import { TextScratch } from './text-scratch.ts';

/** Depth of values in a record, and in an object of it; the outer array and the record are the first two levels. */
const recordDepth = 2;
const objectDepth = 3;

/** Ids are looked at, and so are records that have several outcomes. */
const template: TemplateRules = {
  textUnder: (key, depth) => (depth === 1 && (key === 'trace_id' || key === 'span_id') ? undefined : follows.text),
  integerUnder: (key, depth) => (depth === 1 && key === 'timestamp' ? follows.scaledTime : follows.integer),
  fits(keys) {
    const isAmbiguous =
      (keys.has('body') && keys.has('message')) || (keys.has('attributes') && ![...keys].every(isReserved));
    return !isAmbiguous;
  },
};

/**
 * One walk over a body. Errors come in the receiver's order: of the JSON first, wherever it stands, then wrong types, then ids. So
 * `visit` may have seen records of a body that is refused.
 */
export class SignozJsonWalk {
  readonly view: RecordView;
  /** What the receiver's own keys hold in the record that is visited. */
  readonly reserved = new ReservedKeys();
  recordCount = 0;
  /** A record had several outcomes. */
  ambiguous = false;
  private readonly scratch: TextScratch;
  private readonly reader: GoJsonReader;
  private nested: GoJsonText | undefined;
  private usualRecords: UsualRecords | undefined;
  private readonly slots: AttributeSlots;
  private readonly sequence = new KeySequence();
  private readonly visit: VisitUntil;
  private isEnough = false;
  private wrongType: DecodeError | undefined;
  private wrongId: DecodeError | undefined;
  /** Whether the key that was read last may equal an earlier one. */
  private isNewKey = false;

  constructor(body: Uint8Array, visit: VisitUntil) {
    this.scratch = new TextScratch(body);
    this.view = this.scratch.view;
    this.reader = new GoJsonReader(body, this.scratch);
    this.slots = new AttributeSlots(this.view);
    this.visit = visit;
  }

  /** Reads all of the body, whether or not `visit` has seen enough; throws a DecodeError where the receiver would refuse it. */
  check(watch: AgeWatch | undefined): void {
    this.usualRecords = new UsualRecords(this.reader.bytes, watch);
    this.array(false);
    const next = this.reader.peek();
    if (next !== nul) throw this.reader.error(`invalid character '${String.fromCharCode(next)}' after top-level value`);
    if (this.wrongType) throw this.wrongType;
    if (this.wrongId) throw this.wrongId;
    this.scratch.release();
  }

  /** Reads until `visit` has seen enough. */
  visitRecords(): void {
    this.array(true);
    this.scratch.release();
  }

  private array(mayStop: boolean): void {
    const { reader } = this;
    const first = reader.peek();
    if (first === letterN) return reader.word('null');
    if (isNumberStart(first))
      throw reader.error('json: cannot unmarshal number into Go value of type []map[string]interface {}');
    if (first !== openBracket) throw reader.unexpectedEnd('slice');
    reader.at++;
    if (reader.peek() === closeBracket) {
      reader.at++;
      return;
    }
    while (!(mayStop && this.isEnough)) {
      reader.peek();
      const start = reader.at;
      this.record();
      const next = reader.peek();
      reader.at++;
      if (next === closeBracket) return;
      if (next !== comma) throw reader.invalid(next, 'slice');
      if (this.usualRecords) this.likeRecord(start, this.usualRecords);
    }
  }

  /** Steps over records that are like the one that began at `start`, if that one is right. */
  private likeRecord(start: number, usualRecords: UsualRecords): void {
    const { reader } = this;
    if (this.wrongType || this.wrongId || reader.peek() !== openBrace) return;
    this.recordCount += usualRecords.json(reader.bytes, { start, next: reader.at }, template);
    reader.at = usualRecords.at;
  }

  private record(): void {
    const { reader } = this;
    this.scratch.end = reader.bytes.length;
    this.slots.beginRecord();
    this.sequence.beginRecord();
    this.reserved.beginRecord();
    const first = reader.peek();
    if (first === letterN) reader.word('null');
    else if (first !== openBrace) throw reader.error('expected { character for map value');
    else this.object(keyCodes.flat);
    this.sequence.endRecord();
    this.endRecord();
  }

  private endRecord(): void {
    const { view, reserved } = this;
    this.slots.endRecord();
    this.wrongType ??= reserved.wrongType();
    this.wrongId ??= reserved.wrongId(view.source);
    if (reserved.hasTwoBodies(view.source) || (reserved.has(keyCodes.attributes) && this.slots.has(keyCodes.flat)))
      this.ambiguous = true;
    const body = reserved.bodyKey();
    view.bodyStart = reserved.starts[body]!;
    view.bodyEnd = reserved.ends[body]!;
    view.timestampMs = reserved.timestampMs();
    const index = this.recordCount++;
    if (!this.isEnough && !this.wrongType && !this.wrongId) this.isEnough = this.visit(view, index);
  }

  /** Members of the record itself, or of one of its objects. */
  private object(context: number): void {
    const { reader } = this;
    reader.at++;
    if (reader.peek() === closeBrace) {
      reader.at++;
      return;
    }
    for (;;) {
      if (!this.usualMembers(context)) {
        const code = this.key(context);
        if (code < keyCodes.flat) this.reservedValue(code);
        else this.attribute(code);
      }
      const next = reader.peek();
      reader.at++;
      if (next === closeBrace) return;
      if (next !== comma) throw reader.error('expected comma after object value');
    }
  }

  /** Takes members as long as they are usual; answers whether it stopped behind a value, and not before a key. */
  private usualMembers(context: number): boolean {
    const { reader, sequence } = this;
    if (sequence.runCode() !== context || reader.peek() !== quote) return false;
    const first = this.view.attributeCount;
    const at = readUsualMembers(this.view, reader.bytes, reader.at, sequence);
    this.slots.addedNew(context, first);
    reader.at = at;
    return reader.bytes[at] !== quote;
  }

  /** Takes a key and its colon; the reader's text is the key. */
  private key(context: number): number {
    const { reader, sequence } = this;
    const { bytes } = reader;
    if (reader.peek() === quote) {
      const start = reader.at + 1;
      const code = sequence.match(bytes, start, context);
      if (code > 0) {
        this.isNewKey = true;
        reader.textStart = start;
        reader.textEnd = start + sequence.matchedLength;
        reader.at = reader.textEnd + 1;
        if (reader.peek() !== colon) throw reader.error('expected colon after object key');
        reader.at++;
        return code;
      }
    }
    this.isNewKey = false;
    reader.scanKey();
    reader.takeText();
    const { textStart, textEnd } = reader;
    const code = context === keyCodes.flat ? codeOf(this.view.source, textStart, textEnd) : context;
    if (reader.hasEscape) sequence.spoil();
    sequence.add(textStart, textEnd, code);
    return code;
  }

  /** Integers become doubles, null and everything nested a text (json.go, processAttribute). */
  private attribute(code: number): void {
    const { reader, slots, view } = this;
    const { textStart, textEnd } = reader;
    let slot: number;
    if (this.isNewKey) slot = slots.addNew(code, textStart, textEnd);
    else {
      const count = view.attributeCount;
      slot = slots.add(code, textStart, textEnd);
      if (slot !== count) this.sequence.spoil();
    }
    const isHidden = slot === -1;
    if (isHidden) slot = slots.addNew(code, textStart, textEnd);
    this.value(slot, code === keyCodes.flat ? recordDepth : objectDepth);
    if (isHidden) view.attributeCount = slot;
  }

  private value(slot: number, depth: number): void {
    const { reader, view } = this;
    const first = reader.peek();
    if (isNumberStart(first)) {
      reader.readNumber();
      view.valueKind[slot] = valueKinds.double;
      view.number[slot] = reader.number;
      return;
    }
    if (first === letterT || first === letterF) {
      reader.word(first === letterT ? 'true' : 'false');
      view.valueKind[slot] = valueKinds.boolean;
      view.number[slot] = first === letterT ? 1 : 0;
      return;
    }
    this.textValue(first, depth);
    view.valueKind[slot] = valueKinds.text;
    view.valueStart[slot] = reader.textStart;
    view.valueEnd[slot] = reader.textEnd;
  }

  private textValue(first: number, depth: number): void {
    const { reader } = this;
    if (first === quote) reader.text();
    else if (first === openBrace || first === openBracket) this.writeNested(depth + 1);
    else if (first === letterN) {
      // The text `null`, as it stands in the body.
      reader.textStart = reader.at;
      reader.word('null');
      reader.textEnd = reader.at;
    } else throw reader.invalidValue(first);
  }

  private writeNested(depth: number): void {
    this.nested ??= new GoJsonText(this.reader, this.scratch);
    this.nested.write(depth);
  }

  private reservedValue(code: number): void {
    const { reader, reserved, slots } = this;
    const first = reader.peek();
    const isObject = code === keyCodes.attributes || code === keyCodes.resources;
    if (isObject && reserved.has(code))
      slots.remove(code === keyCodes.attributes ? keyCodes.inAttributes : keyCodes.inResources);
    if (reserved.set(code)) this.sequence.spoil();
    if (isObject && first === openBrace) {
      return this.object(code === keyCodes.attributes ? keyCodes.inAttributes : keyCodes.inResources);
    }
    if (reserved.wants(code, first)) {
      if (first === quote) {
        reader.text();
        reserved.setText(code, reader.textStart, reader.textEnd);
      } else {
        reader.readNumber();
        reserved.setNumber(code, reader.number);
      }
      return;
    }
    reserved.setWrong(code);
    const slot = slots.addNew(keyCodes.flat, 0, 0);
    this.value(slot, recordDepth);
    this.view.attributeCount = slot;
  }
}
