// What was written: a pure function of profile and seed, or the user's files.

/** One object of the corpus, before it is stored. Indexes count from 0 in the order of writing. */
export interface CorpusObject {
  readonly index: number;
  /** The full key in the bucket. */
  readonly key: string;
  /** Data lines before this object's first one, over the whole corpus. */
  readonly lineFirst: number;
  /** Data lines in it: headers and blanks do not count. */
  readonly lineCount: number;
  /** End of its 5-minute slot, Unix ms in log time. */
  readonly slotEndMs: number;
  /** Names of the fields of its lines, in order. */
  readonly fields: readonly string[];
  /**
   * `intact` objects owe every line. `damaged` ones (cut or corrupt at rest) owe none, but must be reported. `empty` ones
   * (no bytes, header only, blank, not flow logs) owe nothing and must be accepted. `overwritten` ones owe none, and nothing is
   * asked of their events: the next object of the same key takes their place before anyone hears of them.
   */
  readonly condition: 'intact' | 'damaged' | 'empty' | 'overwritten';
  /**
   * Data lines of the file that was written which nobody can read any more, of a `damaged` one: those behind `lineCount` lines that can.
   * Absent where it is not known.
   */
  readonly linesLost?: number;
  /** Kinds of the faults that it carries. */
  readonly faults?: readonly string[];
}

/**
 * Sees one data line: `bytes` holds it from `start` to `end` (without its line end), valid only during the call. `line` is its
 * number in the file, from 1, headers and blanks counted: what an editor shows.
 */
export type VisitLine = (bytes: Uint8Array, start: number, end: number, line: number) => void;

/** Lines of an object by kind: `data + header + blank` is the number of lines in the file. */
export interface LineCounts {
  readonly data: number;
  readonly header: number;
  readonly blank: number;
}

export interface Corpus {
  /** Rises when the bytes of a preset change. */
  readonly version: number;
  /** Data lines of all objects. */
  readonly lineCount: number;
  readonly objects: readonly CorpusObject[];
  /**
   * The bytes to store; the caller owns them. Where they are made of a text of one header line and the data lines that `scan` shows, each
   * ended by LF, `see` sees it, valid only during the call. Else it sees nothing.
   */
  body(object: CorpusObject, see?: (text: Uint8Array) => void): Promise<Uint8Array>;
  /** Visits the data lines of an object in order: what the ledger compares with. Nothing is allocated per line. */
  scan(object: CorpusObject, visit: VisitLine): Promise<LineCounts>;
  /**
   * Shows one data line of an object, counted from 0, without those before it. Absent where lines cannot be had one by one.
   */
  visitLine?(object: CorpusObject, index: number, visit: VisitLine): void;
  /** SHA-256 (hex) over keys and plain bytes, which never depends on a compressor's version. */
  fingerprint(): Promise<string>;
}
