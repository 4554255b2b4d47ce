// Writes a canonical line value by value: fields in order, `-` for what is absent, one space between. The closed list of ways
// to write a value and still be intact lives here.

import type { FieldValues } from './field-names.ts';
import { Keywords } from './keywords.ts';

/** Stands for a space within a value where a line is told. */
export const shownSpace = '\u2420';

const space = 0x20;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;

/** The line being written, and where each value stands in it. */
export class LineWriter {
  bytes: Uint8Array = new Uint8Array(1024);
  length = 0;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  readonly #keywords = new Keywords();

  constructor(fieldCount: number) {
    this.starts = new Int32Array(fieldCount);
    this.ends = new Int32Array(fieldCount);
  }

  begin(): void {
    this.length = 0;
  }

  open(field: number): void {
    if (this.length + 64 > this.bytes.length) this.#grow(64);
    if (field > 0) this.bytes[this.length++] = space;
    this.starts[field] = this.length;
  }

  /** Before a value beyond the fields. */
  separate(): void {
    if (this.length + 64 > this.bytes.length) this.#grow(64);
    this.bytes[this.length++] = space;
  }

  close(field: number): void {
    this.ends[field] = this.length;
  }

  absent(): void {
    this.bytes[this.length++] = minus;
  }

  /** Text as it came, but for what the field's values allow. */
  text(source: Uint8Array, start: number, end: number, values: FieldValues): void {
    const at = this.length;
    if (this.bytes.length - at < (end - start) * 3 + 64) this.#grow((end - start) * 3 + 64);
    const { bytes } = this;
    let bits = 0;
    for (let i = start, to = at; i < end; i++, to++) {
      const byte = source[i]!;
      bits |= byte;
      bytes[to] = byte === space ? 0x01 : byte;
    }
    this.length = at + end - start;
    if (bits >= 0x80) this.#write(at, this.#decoder.decode(source.subarray(start, end)).replaceAll(' ', '\u0001'));
    if (end === start) this.#write(at, '""');
    if (values !== 'plain') this.#normalize(at, values);
  }

  /** A whole number below 2^53 in size. */
  integer(value: number, values: FieldValues): void {
    const at = this.length;
    let rest = Math.abs(value);
    if (value < 0) this.bytes[this.length++] = minus;
    let digits = 1;
    for (let bound = 10; rest >= bound; bound *= 10) digits++;
    this.length += digits;
    let i = this.length;
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 10)) this.bytes[--i] = zero + (rest % 10);
    let small = rest | 0;
    do {
      const next = (small / 10) | 0;
      this.bytes[--i] = zero + (small - next * 10);
      small = next;
    } while (i > this.length - digits);
    if (values === 'time') this.#normalize(at, values);
  }

  /** Any other number, as its shortest exact decimal. */
  decimal(text: string, values: FieldValues): void {
    const at = this.length;
    this.#write(at, text);
    if (values === 'time') this.#normalize(at, values);
  }

  /** Appends what stands in `source`, a value that contradicts the one just written. */
  contradiction(source: Uint8Array, start: number, end: number): void {
    if (this.bytes.length - this.length < end - start + 64) this.#grow(end - start + 64);
    this.bytes.set([0xe2, 0x89, 0xa0], this.length);
    this.bytes.set(source.subarray(start, end), this.length + 3);
    this.length += 3 + end - start;
  }

  /** For people: a space within a value is one that can be seen. */
  toString(): string {
    return this.#decoder.decode(this.bytes.subarray(0, this.length)).replaceAll('\u0001', shownSpace);
  }

  #normalize(at: number, values: FieldValues): void {
    if (values === 'time') return this.#toSeconds(at);
    if (values === 'any-case') return this.#toLowerCase(at);
    const first = this.bytes[at]!;
    if (values === 'protocol' ? first <= nine : first < 0x61) return;
    const other = this.#keywords.other(this.bytes, at, this.length, values);
    if (!other) return;
    this.bytes.set(other, at);
    this.length = at + other.length;
  }

  /** Seconds have at most 11 digits, ms 14, us 17, ns 20: whole seconds in a finer unit end in its zeros. */
  #toSeconds(at: number): void {
    const digits = this.length - at;
    if (digits < 12 || digits > 20) return;
    const zeros = digits <= 14 ? 3 : digits <= 17 ? 6 : 9;
    for (let i = at; i < this.length; i++) {
      const byte = this.bytes[i]!;
      if (byte < zero || byte > nine || (i >= this.length - zeros && byte !== zero)) return;
    }
    this.length -= zeros;
  }

  #toLowerCase(at: number): void {
    for (let i = at; i < this.length; i++) {
      const byte = this.bytes[i]!;
      if (byte >= 0x41 && byte <= 0x5a) this.bytes[i] = byte | 0x20;
    }
  }

  #write(at: number, text: string): void {
    if (this.bytes.length - at < text.length * 3 + 64) this.#grow(text.length * 3 + 64);
    this.length = at + this.#encoder.encodeInto(text, this.bytes.subarray(at)).written;
  }

  #grow(room: number): void {
    const bytes = new Uint8Array((this.bytes.length + room) * 2);
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
}
