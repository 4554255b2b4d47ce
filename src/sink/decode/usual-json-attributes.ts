// Attributes of OTLP JSON as nearly every encoder writes them: the key before the value, a short text without escapes or a whole number. All
// that stands before the value is nearly always, byte for byte, what stood at the same place of the record before, so it is compared
// with that, four bytes at a time, and not read. What differs is looked at more closely and remembered; whatever is written in another
// way, right or wrong, is left to the walk that knows the whole grammar.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import { blank, closeBrace, comma, minus, openBrace, quote } from './ascii.ts';
import { endsPlain, type CollectorJsonReader } from './collector-json.ts';

/** A longer text is left to a native search. */
const mostTextBytes = 48;
const mostDigits = 15;
/** More attributes of a record are not remembered. */
const mostRemembered = 256;

const kinds = { none: 0, text: 1, integerText: 2, integer: 3 } as const;

/** What stands around the key, compact or with one blank behind colons and commas. */
const beforeKey = /^\{"key":\x20?"$/;
const beforeValue = /^","value":\x20?\{"(stringValue|intValue)":\x20?("?)/;
const spacedBeforeValue = /^", "value":\x20?\{"(stringValue|intValue)":\x20?("?)/;
const longestBeforeValue = 40;

export class UsualJsonAttributes {
  private readonly bytes: Buffer;
  private readonly words: DataView;
  /** By slot: where what stands before the value began, how long it is, where in it the key is, what kind the value has. */
  private readonly starts: number[] = [];
  private readonly lengths: number[] = [];
  private readonly keyOffsets: number[] = [];
  private readonly keyLengths: number[] = [];
  private readonly kinds: number[] = [];

  constructor({ bytes }: CollectorJsonReader) {
    this.bytes = bytes;
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /**
   * Reads attributes into the view's next slots, from the brace that opens one. Answers whether it stopped behind an attribute, and not
   * at the brace of one that is not usual.
   */
  read(view: RecordView, reader: CollectorJsonReader): boolean {
    const { bytes, lengths, keyOffsets, keyLengths } = this;
    const { keyStart, keyEnd, valueKind, valueStart, valueEnd } = view;
    const capacity = Math.min(keyStart.length, mostRemembered);
    let slot = view.attributeCount;
    let at = bytes[reader.at] === blank ? reader.at + 1 : reader.at;
    let isBehind = false;
    while (slot < capacity) {
      if (!this.isRemembered(slot, at) && !this.remember(slot, at)) break;
      const value = at + lengths[slot]!;
      let behind = value;
      if (this.kinds[slot] === kinds.text) {
        const stop = value + mostTextBytes;
        while (behind < stop && endsPlain[bytes[behind]!] === 0) behind++;
        if (bytes[behind] !== quote) break;
        valueKind[slot] = valueKinds.text;
        valueStart[slot] = value;
        valueEnd[slot] = behind++;
      } else behind = this.integer(view, slot, value);
      if (bytes[behind] !== closeBrace || bytes[behind + 1] !== closeBrace) break;
      keyStart[slot] = at + keyOffsets[slot]!;
      keyEnd[slot] = at + keyOffsets[slot]! + keyLengths[slot]!;
      slot++;
      at = behind + 2;
      const next = bytes[at + 1] === blank ? at + 2 : at + 1;
      isBehind = bytes[at] !== comma || bytes[next] !== openBrace;
      if (isBehind) break;
      at = next;
    }
    view.attributeCount = slot;
    reader.at = at;
    return isBehind;
  }

  private isRemembered(slot: number, at: number): boolean {
    const { words } = this;
    const length = this.lengths[slot] ?? 0;
    const start = this.starts[slot]!;
    // Never shorter than one word; the last one overlaps.
    const last = length - 4;
    if (length === 0 || at + length > words.byteLength) return false;
    for (let i = 0; i < last; i += 4)
      if (words.getInt32(start + i, true) !== words.getInt32(at + i, true)) return false;
    return words.getInt32(start + last, true) === words.getInt32(at + last, true);
  }

  private remember(slot: number, at: number): boolean {
    const { bytes } = this;
    this.lengths[slot] = 0;
    const key = bytes[at + 7] === blank ? at + 9 : at + 8;
    if (!beforeKey.test(bytes.toString('latin1', at, key))) return false;
    let keyEnd = key;
    while (keyEnd < key + mostTextBytes && endsPlain[bytes[keyEnd]!] === 0) keyEnd++;
    const pattern = bytes[keyEnd + 2] === blank ? spacedBeforeValue : beforeValue;
    const match = pattern.exec(bytes.toString('latin1', keyEnd, keyEnd + longestBeforeValue));
    if (!match) return false;
    const [{ length }, field, mark] = match;
    if (field === 'stringValue' && mark === '') return false;
    this.kinds[slot] = field === 'stringValue' ? kinds.text : mark === '' ? kinds.integer : kinds.integerText;
    this.starts[slot] = at;
    this.lengths[slot] = keyEnd + length - at;
    this.keyOffsets[slot] = key - at;
    this.keyLengths[slot] = keyEnd - key;
    return true;
  }

  /** Reads up to 15 digits, bare or as a text; answers what stands behind, or, where they are no such integer,
   * a place before which no brace closes. */
  private integer(view: RecordView, slot: number, start: number): number {
    const { bytes } = this;
    const isText = this.kinds[slot] === kinds.integerText;
    const isNegative = bytes[start] === minus;
    const digits = isNegative ? start + 1 : start;
    let at = digits;
    let value = 0;
    let digit = 0;
    while ((digit = bytes[at]! - 0x30) >= 0 && digit <= 9) {
      value = value * 10 + digit;
      at++;
    }
    // Zeros do not lead in a bare number.
    const isOdd = at === digits || at - digits > mostDigits || (!isText && bytes[digits] === 0x30 && at > digits + 1);
    if (isOdd || (isText && bytes[at] !== quote)) return start - 1;
    const signed = isNegative && value > 0 ? -value : value;
    view.valueKind[slot] = valueKinds.integer;
    view.integerLow[slot] = signed;
    view.integerHigh[slot] = Math.floor(signed / 0x1_0000_0000);
    view.number[slot] = signed;
    return isText ? at + 1 : at;
  }
}
