// Reads lines of the corpus as the ledger reads arrivals: the canonical line to compare by, and whether the line is owed.

import type { CorpusObject } from '../../core/model/corpus.ts';
import { FlowrigError, invariant } from '../../core/errors.ts';
import { parseCondition, type Condition } from '../condition.ts';
import { isEqual, type FieldSchema } from '../reading/field-schema.ts';
import type { Format } from '../reading/format.ts';
import type { Fingerprinter } from '../reading/fingerprint.ts';
import { LineWriter } from '../reading/line-writer.ts';
import { obligations, type Promises } from '../promises.ts';
import { Tokens } from '../reading/tokens.ts';

const noData = new TextEncoder().encode('NODATA');
const skipData = new TextEncoder().encode('SKIPDATA');

export interface CorpusLinesOptions {
  readonly promises: Promises;
  /** Indexes of objects that the store gave to nobody. */
  readonly withheld: ReadonlySet<number>;
  /** Keys the fingerprints. */
  readonly seed: number;
}

/** Reads one line at a time; its canonical line stands in `bytes` from `start` to `end`. */
export class CorpusLines {
  bytes: Uint8Array;
  start = 0;
  end = 0;
  /** Value ranges of the line, valid only after `readValues`. */
  readonly writer: LineWriter;
  /** Holds the line's fingerprint after `read`. */
  readonly fingerprinter: Fingerprinter;
  /** 1 for each field that had a value other than `-` in a line read so far. */
  readonly valued: Uint8Array;
  readonly #schema: FieldSchema;
  readonly #promises: Promises;
  readonly #keep: Condition | undefined;
  readonly #formatByNames = new Map<string, Format>();
  readonly #tokens: Tokens;
  readonly #decoder = new TextDecoder();
  /** Fields that had no value yet. */
  #unvalued: number;
  #format: Format = {
    names: [],
    index: 0,
    tokenOf: new Int16Array(0),
    special: { tokens: 0, times: [], protocols: [] },
  };
  #owesNothing = false;
  readonly #withheld: ReadonlySet<number>;
  #statusToken = -1;
  #source: Uint8Array = new Uint8Array(0);

  constructor(schema: FieldSchema, { promises, withheld, seed }: CorpusLinesOptions) {
    this.#tokens = new Tokens(seed);
    this.fingerprinter = this.#tokens.fingerprinter;
    this.#withheld = withheld;
    this.#schema = schema;
    this.#promises = promises;
    this.#keep = readKeep(promises.keep);
    for (const format of schema.formats) this.#formatByNames.set(format.names.join(' '), format);
    this.writer = new LineWriter(schema.fields.length);
    this.valued = new Uint8Array(schema.fields.length);
    this.#unvalued = schema.fields.length;
    this.bytes = this.writer.bytes;
  }

  /** Lines read from here on are this object's. */
  open(object: CorpusObject): void {
    const format = this.#formatByNames.get(object.fields.join(' '));
    invariant(format, `object ${object.key} has a format that the ledger was not told: ${object.fields.join(' ')}`);
    this.#format = format;
    this.#owesNothing = this.owesNothing(object);
    this.#statusToken = format.names.indexOf('log-status');
  }

  /** Whether all its lines are optional. */
  owesNothing({ condition, index }: CorpusObject): boolean {
    return condition !== 'intact' || this.#withheld.has(index);
  }

  /** A value of the line read last, as the corpus has it, left out of identity or not; `-` where it has none. */
  readonly valueOf = (name: string): string => {
    const token = this.#format.names.indexOf(name);
    if (token < 0 || token >= this.#tokens.count) return '-';
    return this.#decoder.decode(this.#source.subarray(this.#tokens.starts[token]!, this.#tokens.ends[token]!));
  };

  /** Returns one of `obligations`. */
  read(bytes: Uint8Array, start: number, end: number): number {
    this.#tokens.read(bytes, start, end);
    this.#source = bytes;
    if (this.#schema.isPlain(this.#tokens, this.#format, bytes)) {
      this.bytes = bytes;
      this.start = start;
      this.end = this.#tokens.lineEnd;
    } else {
      this.#write();
      this.fingerprinter.read(this.bytes, this.start, this.end);
    }
    if (this.#unvalued > 0) this.#noteValues(this.#formatOfLine().tokenOf);
    return this.#obligation();
  }

  /** As `read`, with the ranges of the values in `writer`. */
  readValues(bytes: Uint8Array, start: number, end: number): number {
    this.#tokens.read(bytes, start, end);
    this.#source = bytes;
    this.#write();
    return this.#obligation();
  }

  /** Values of a line of the corpus by field, as they are compared; the object is the one last opened. */
  canonicalTokens(text: string): string[] {
    const bytes = new TextEncoder().encode(text);
    this.readValues(bytes, 0, bytes.length);
    return this.writer.toString().split(' ');
  }

  /** Whether some line read so far had another value than `-` in the field. */
  hasValues(name: string): boolean {
    return this.valued[this.#schema.fields.indexOf(name)] === 1;
  }

  isLeftOut(field: number): boolean {
    return this.#schema.leftOut[field] === 1;
  }

  /** A line longer than its format can only come as it stands: it is read as it will be then. */
  #formatOfLine(): Format {
    const isLonger = this.#tokens.count > this.#format.names.length;
    return (isLonger ? this.#schema.likeliestFormat(this.#tokens, this.#source) : undefined) ?? this.#format;
  }

  #write(): void {
    this.#schema.writeLine(this.writer, this.#tokens, this.#formatOfLine(), this.#source);
    this.bytes = this.writer.bytes;
    this.start = 0;
    this.end = this.writer.length;
  }

  #noteValues(tokenOf: Int16Array): void {
    const { starts, ends, count } = this.#tokens;
    for (let field = 0; field < this.valued.length; field++) {
      if (this.valued[field] === 1) continue;
      const token = tokenOf[field]!;
      if (token < 0 || token >= count) continue;
      if (ends[token]! - starts[token]! === 1 && this.#source[starts[token]!] === 0x2d) continue;
      this.valued[field] = 1;
      this.#unvalued -= 1;
    }
  }

  #obligation(): number {
    if (this.#owesNothing) return obligations.optional;
    const token = this.#statusToken;
    if (token >= 0 && token < this.#tokens.count) {
      this.#tokens.locate(token);
      const start = this.#tokens.startOf(token);
      const end = this.#tokens.endOf(token);
      if (isEqual(noData, this.#source, start, end)) return ofRule(this.#promises.nodata);
      if (isEqual(skipData, this.#source, start, end)) return ofRule(this.#promises.skipdata);
    }
    return !this.#keep || this.#keep(this.valueOf) ? obligations.owed : obligations.unwanted;
  }
}

function ofRule(rule: 'forward' | 'drop' | 'any'): number {
  return rule === 'forward' ? obligations.owed : rule === 'drop' ? obligations.unwanted : obligations.optional;
}

function readKeep(keep: string): Condition | undefined {
  if (keep === 'all') return undefined;
  const parsed = parseCondition(keep);
  if ('condition' in parsed) return parsed.condition;
  const hint = parsed.nearest === undefined ? '' : ` (did you mean "${parsed.nearest}"?)`;
  throw new FlowrigError('bad-scenario', `promises.keep: ${parsed.problem}${hint}`);
}
