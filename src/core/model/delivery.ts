// What the sink saw, in nouns that the oracle reads too: the two rooms never meet.

/** One answered request at the sink. Times are Unix ms on the rig's clock. */
export interface Delivery {
  /** From 1, in the order in which bodies were complete. */
  readonly sequence: number;
  /** The last byte of the request. */
  readonly receivedMs: number;
  /** Just before the answer's first byte was handed to the socket, or when the reply was lost. */
  readonly endedMs: number;
  readonly acknowledgement: 'acknowledged' | 'refused' | 'reply-lost';
  /** Whether the sink kept the records: a refused request brings nothing, a lost reply keeps them. */
  readonly kept: boolean;
  /** The status that was sent, or would have been; 0 where a fault ended the connection in place of an answer. */
  readonly statusCode: number;
  readonly method: string;
  readonly path: string;
  /** Lower-case names. Keys and tokens are masked but for their last four characters. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body as received (compressed where it came compressed). */
  readonly sizeBytes: number;
  /** Records that were decoded from it; 0 where it could not be decoded. */
  readonly recordCount: number;
  /** So many at its end were rejected by a partial success: the rest was kept. */
  readonly rejectedCount?: number;
  /**
   * Ranges of records (the first, and one past the last) that were `too-old` when they came: SigNoz drops them behind its 200
   * (SigNoz/signoz-otel-collector, exporter/clickhouselogsexporter/exporter.go). They arrived all the same.
   */
  readonly tooOld?: readonly (readonly [first: number, end: number])[];
  /** The fault that answered, if one did: its kind. */
  readonly fault?: string;
  /** A fault sent a status that says other than what happened: an error though it kept the records, a success though it did not. */
  readonly falsified?: true;
  /** Its last answer, at `toldMs`, asked to wait until `untilMs`, and it came before. */
  readonly hasty?: { readonly toldMs: number; readonly untilMs: number };
  /** Connections of HTTP that were open when it came. */
  readonly connections?: number;
  /** What was wrong with the certificate that its client was shown, and accepted. */
  readonly certificateProblem?: string;
  /** The real receiver has several outcomes for this request; this is one of them. */
  readonly ambiguous?: true;
  /** Why the body could not be decoded. */
  readonly decodeError?: string;
}

/** Records of a delivery that the sink kept: they stand at its beginning. */
export function keptCount({ kept, recordCount, rejectedCount = 0 }: Delivery): number {
  return kept ? recordCount - rejectedCount : 0;
}

/** Kinds of attribute values in a RecordView. */
export const valueKinds = { text: 0, integer: 1, double: 2, boolean: 3, other: 4 } as const;

/**
 * One log record as the receiver handed it on. The view is one object that the decoder fills anew for each record, and ranges
 * point into `source`: all of it is valid only during the call. Attributes of the resource come first, then those of the scope,
 * then the record's own; slot i of each array belongs to attribute i.
 */
export interface RecordView {
  source: Uint8Array;
  /**
   * So many bytes at the beginning of `source` stay as they are until all records of the body were shown, also when `source` is another
   * array by then: what stands there may be read later. Left out where nothing stays beyond the call.
   */
  lastingBytes?: number;
  /** Range of a text body in `source`; start is -1 where there is no body or it is not a text. */
  bodyStart: number;
  bodyEnd: number;
  /**
   * Range in `source` of the raw encoding of a body that is a map, a list or bytes, empty where it is a number or a boolean; the start
   * is -1, or left out, where the body is a text or there is none.
   */
  otherBodyStart?: number;
  otherBodyEnd?: number;
  /** The record's own timestamp in Unix ms (fractions kept as far as a double can), or NaN where it has none. */
  timestampMs: number;
  attributeCount: number;
  /** Attributes below this index are the resource's. */
  resourceAttributeCount: number;
  /** Attributes below this index are the resource's or the scope's. */
  scopeAttributeEnd: number;
  keyStart: Int32Array;
  keyEnd: Int32Array;
  /** One of `valueKinds`. */
  valueKind: Uint8Array;
  /** Range in `source` of text values, and of the raw encoding of `other` ones. */
  valueStart: Int32Array;
  valueEnd: Int32Array;
  /** Two's complement words of integers. */
  integerLow: Uint32Array;
  integerHigh: Uint32Array;
  /** Doubles; booleans as 0 and 1; integers too, rounded where they pass 2^53. */
  number: Float64Array;
}

/** `index` is the record's place in its request, from 0. */
export type VisitRecord = (view: RecordView, index: number) => void;

/** Shows records of a request, in order; they may be shown again. */
export type ShowRecords = (visit: VisitRecord) => void;
