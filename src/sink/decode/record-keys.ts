// Which attribute a key of a JSON record is. A JSON object's keys are a set, and records of a body nearly always have the same keys
// in the same order: so keys are compared with those of the record before, which were told apart once, and only where a record
// differs is each key looked up among the others.

import { quote } from './ascii.ts';
import { FieldNames } from './field-names.ts';

/** What a key is: one of the receiver's own, or the name of an attribute. */
export const keyCodes = {
  timestamp: 1,
  traceId: 2,
  spanId: 3,
  traceFlags: 4,
  severityText: 5,
  severityNumber: 6,
  attributes: 7,
  resources: 8,
  body: 9,
  message: 10,
  /** Any other key of the record, which is an attribute. */
  flat: 11,
  inAttributes: 12,
  inResources: 13,
} as const;

/** The receiver's own keys (SigNoz/signoz-otel-collector, receiver/httplogreceiver/bodyparser/json.go). */
const reserved = new FieldNames({
  timestamp: keyCodes.timestamp,
  trace_id: keyCodes.traceId,
  span_id: keyCodes.spanId,
  trace_flags: keyCodes.traceFlags,
  severity_text: keyCodes.severityText,
  severity_number: keyCodes.severityNumber,
  attributes: keyCodes.attributes,
  resources: keyCodes.resources,
  body: keyCodes.body,
  message: keyCodes.message,
});

/** A longer sequence of keys is not compared with the next one. */
const mostRemembered = 1024;

/** Whether a key of a record is the receiver's own. */
export function isReserved(key: string): boolean {
  const bytes = Buffer.from(key, 'latin1');
  return codeOf(bytes, 0, bytes.length) !== keyCodes.flat;
}

/** Code of a key among the record's own ones. */
export function codeOf(bytes: Uint8Array, start: number, end: number): number {
  return reserved.find(bytes, start, end) || keyCodes.flat;
}

/** The keys of the record before, which become those of this one from the first that differs. */
export class KeySequence {
  // Lists, since typed arrays of the longest sequence took longer to make than small bodies to read: 7 us and more.
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /** The key whose turn it is. */
  index = 0;
  /** Bytes of the key that matched last. */
  matchedLength = 0;
  private readonly codes: number[] = [];
  /** One past the last of the attributes of one object that begin with each key; 0 where it is no attribute. */
  private readonly runEnds: number[] = [];
  private count = 0;
  private matches = false;
  private isUsable = true;

  beginRecord(): void {
    this.index = 0;
    this.matches = true;
    this.isUsable = true;
  }

  endRecord(): void {
    if (!this.isUsable) this.count = 0;
    else if (!this.matches) {
      this.count = this.index;
      this.findRuns();
    }
  }

  /** One past the last attribute that follows in the same object, as far as the keys are those of the record before. */
  runEnd(): number {
    return this.matches && this.index < this.count ? this.runEnds[this.index]! : 0;
  }

  /** The code of the attributes of that run; 0 where none is expected. */
  runCode(): number {
    return this.matches && this.index < this.count && this.runEnds[this.index]! > 0 ? this.codes[this.index]! : 0;
  }

  private findRuns(): void {
    const { codes, runEnds } = this;
    for (let i = this.count - 1; i >= 0; i--) {
      const isAttribute = codes[i]! >= keyCodes.flat;
      const goesOn = i + 1 < this.count && codes[i + 1] === codes[i];
      runEnds[i] = !isAttribute ? 0 : goesOn ? runEnds[i + 1]! : i + 1;
    }
  }

  /**
   * Compares what stands behind a key's opening quote with the next key in turn; answers its code, or 0. `context` is the code of
   * attributes within the object, `flat` in the record itself.
   */
  match(bytes: Uint8Array, start: number, context: number): number {
    const { index } = this;
    if (!this.matches) return 0;
    if (index < this.count) {
      const code = this.codes[index]!;
      const keyStart = this.starts[index]!;
      const length = this.ends[index]! - keyStart;
      if ((context === keyCodes.flat ? code <= context : code === context) && bytes[start + length] === quote) {
        let i = 0;
        while (i < length && bytes[keyStart + i] === bytes[start + i]) i++;
        if (i === length) {
          this.index = index + 1;
          this.matchedLength = length;
          return code;
        }
      }
    }
    this.matches = false;
    return 0;
  }

  /** Remembers a key that was no match. */
  add(start: number, end: number, code: number): void {
    const index = this.index++;
    if (index >= mostRemembered) this.isUsable = false;
    else {
      this.starts[index] = start;
      this.ends[index] = end;
      this.codes[index] = code;
    }
  }

  /** A key that is there twice, or with an escape, makes the whole sequence useless. */
  spoil(): void {
    this.isUsable = false;
  }
}
