// Whether a record's attributes say what its raw line says, told without writing either as a canonical line: then the line's own
// bytes are that line. Forwarders that send both send them equal, so this is the usual way of a record through the ledger: with 14
// attributes each, booking took 1.5 to 1.9 us a record on one core of a busy 2-core machine, against 3.4 to 3.9 us before.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import type { Shape } from './binding.ts';
import { ByteWords, equalBytes } from './byte-words.ts';
import type { FieldValues } from './field-names.ts';
import type { FieldSchema } from './field-schema.ts';
import { LineWriter } from './line-writer.ts';
import { isEmptyValue } from './shapes.ts';
import type { Tokens } from './tokens.ts';

const zero = 0x30;
/** Whole numbers of so many digits are exact in a double. */
const exactDigits = 15;
/** From here on a time may be in a finer unit than seconds. */
const leastFineTime = 1e11;

export class Agreement {
  readonly #schema: FieldSchema;
  readonly #nameBytes: Int32Array;
  readonly #words = new ByteWords();
  readonly #writer = new LineWriter(1);
  /** The token that is looked at. */
  #start = 0;
  #end = 0;

  constructor(schema: FieldSchema) {
    this.#schema = schema;
    // A field's own name and its form in snake_case are equally long.
    this.#nameBytes = Int32Array.from(schema.fields, (name) => new TextEncoder().encode(name).length);
  }

  /**
   * `tokens` are those of a line that is its own canonical form. True where it is a record's line and each attribute agrees with its
   * token. False is no judgement: such a record has to be composed.
   */
  holds(view: RecordView, shape: Shape, tokens: Tokens): boolean {
    if (shape.localSlot >= 0 || shape.hasRivals) return false;
    const { slotOf } = shape;
    const nameBytes = this.#nameBytes;
    for (let field = 0; field < nameBytes.length; field++) {
      const start = tokens.starts[field]!;
      const end = tokens.ends[field]!;
      // A value that is a field's name may make this a header's record: rare enough to be left to the composing reader.
      if (end - start === nameBytes[field]! && this.#schema.isOwnName(field, view.source, start, end)) return false;
      const slot = slotOf[field]!;
      if (slot < 0 || isEmptyValue(view, slot)) continue;
      this.#start = start;
      this.#end = end;
      const kind = view.valueKind[slot]!;
      if (kind === valueKinds.text) {
        const isOwnCase = this.#schema.values[field] === 'type' && shape.isOpenTelemetry[field] === 0;
        if (!this.#textAgrees(view, slot, isOwnCase ? 'plain' : this.#schema.values[field]!)) return false;
      } else if (kind !== valueKinds.integer && kind !== valueKinds.double) return false;
      else if (!this.#numberAgrees(view, slot, this.#schema.values[field]!)) return false;
    }
    return true;
  }

  #textAgrees(view: RecordView, slot: number, values: FieldValues): boolean {
    const start = view.valueStart[slot]!;
    const end = view.valueEnd[slot]!;
    const isSame = end - start === this.#end - this.#start && this.#isSame(view.source, start);
    // The token is no keyword and no time in a finer unit: bytes that equal it stand for themselves.
    if (values === 'plain' || values === 'time') return isSame;
    if (isSame && values === 'protocol') return true;
    const writer = this.#writer;
    writer.begin();
    writer.text(view.source, start, end, values);
    return equalRanges(writer, view.source, this.#start, this.#end);
  }

  /** A whole number, not negative, against the token's digits. Any other number is left to be composed. */
  #numberAgrees(view: RecordView, slot: number, values: FieldValues): boolean {
    const value = view.number[slot]!;
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER) || (values === 'time' && value >= leastFineTime))
      return false;
    const { source } = view;
    const digits = this.#end - this.#start;
    if (digits > exactDigits || (digits > 1 && source[this.#start] === zero)) return false;
    let stated = 0;
    for (let i = this.#start; i < this.#end; i++) {
      const digit = source[i]! - zero;
      if (digit < 0 || digit > 9) return false;
      stated = stated * 10 + digit;
    }
    return stated === value;
  }

  #isSame(bytes: Uint8Array, start: number): boolean {
    return equalBytes(this.#words.of(bytes), start, this.#start, this.#end - this.#start);
  }
}

/** Whether the writer holds just these bytes: told without a view of them, which would be the one object made for a record. */
function equalRanges(writer: LineWriter, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== writer.length) return false;
  for (let i = 0; i < writer.length; i++) if (writer.bytes[i] !== bytes[start + i]) return false;
  return true;
}
