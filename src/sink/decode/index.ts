// From the bytes of a request to records. A body is taken whole or refused whole, so it is checked first and visited after.

import type { RecordView, VisitRecord } from '../../core/model/delivery.ts';
import { decodedPath } from '../routes/unknown-path.ts';
import { exportPath } from '../grpc/path.ts';
import { DecodeError } from './decode-error.ts';
import { decodeFirehose, firehosePath, type HeaderOf } from './firehose.ts';
import { decodeOtlpProtobuf } from './otlp-protobuf.ts';
import { answerable, parseOtlpJson, visitOtlpJson } from './otlp-json.ts';
import { mediaType } from './media-type.ts';
import { parseSignozJson, visitSignozJson } from './signoz-json.ts';
import type { VisitUntil } from './record-view.ts';

/** A body that the receiver takes. */
export interface DecodedBody {
  readonly recordCount: number;
  /** Bytes that it keeps alive, roughly. */
  readonly sizeBytes: number;
  /** The real receiver has several outcomes for it. */
  readonly ambiguous: boolean;
  /** Visits the records in order until `visit` returns true. May be called again. */
  visit(visit: VisitUntil): void;
}

export type BodyFormat = 'otlp-protobuf' | 'otlp-json' | 'signoz-json' | 'firehose';

/** What a body is by where it was sent: SigNoz's JSON receiver never looks at the content type. */
export function formatOf(request: { path: string; contentType?: string | undefined }): BodyFormat {
  if (request.path === exportPath) return 'otlp-protobuf';
  const path = (decodedPath(request.path) ?? request.path).replace(/\/+$/, '');
  if (path === firehosePath) return 'firehose';
  if (!path.endsWith('/v1/logs')) return 'signoz-json';
  return mediaType(request.contentType ?? '') === 'application/x-protobuf' ? 'otlp-protobuf' : 'otlp-json';
}

/**
 * Checks the whole body; throws a DecodeError with the receiver's own text and status. `visit` sees each record on the way, also
 * those of a body that is refused further on. Only Firehose's receiver looks at headers of the request.
 */
export function checkBody(
  format: BodyFormat,
  body: Uint8Array,
  visit: VisitUntil = keepOn,
  header: HeaderOf = () => undefined,
): DecodedBody {
  try {
    return formats[format](body, visit, header);
  } catch (error) {
    if (error instanceof DecodeError && format === 'otlp-json') throw answerable(error, body);
    throw error;
  }
}

/** Visits the whole records at the beginning of a body that may be cut anywhere; never throws for what the body holds. */
export function visitPrefix(format: BodyFormat, body: Uint8Array, visit: VisitUntil): void {
  try {
    if (format === 'otlp-protobuf') decodeOtlpProtobuf(body, visit);
    else formats[format](body, keepOn, () => undefined).visit(visit);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
}

/**
 * Visits every record of a body whose content encoding has been removed, and returns how many there are. Nothing is visited where
 * the receiver would refuse the body: then a DecodeError says why.
 */
export function decodeRecords(
  request: { path: string; contentType?: string | undefined },
  body: Uint8Array,
  visit: VisitRecord,
): number {
  const decoded = checkBody(formatOf(request), body);
  decoded.visit((view, index) => {
    visit(view, index);
    return false;
  });
  return decoded.recordCount;
}

const formats: Readonly<Record<BodyFormat, (body: Uint8Array, check: VisitUntil, header: HeaderOf) => DecodedBody>> = {
  'otlp-protobuf': (body, check) => ({
    recordCount: decodeOtlpProtobuf(body, check),
    ambiguous: false,
    sizeBytes: body.length,
    visit: (visit) => void decodeOtlpProtobuf(body, visit),
  }),
  'otlp-json': (body, check) => {
    const request = parseOtlpJson(body);
    return {
      recordCount: visitOtlpJson(request, check),
      ambiguous: false,
      sizeBytes: body.length * jsonTreeFactor,
      visit: (visit) => void visitOtlpJson(request, visit),
    };
  },
  firehose: decodeFirehose,
  'signoz-json': (body, check) => {
    const records = parseSignozJson(body);
    visitSignozJson(records, check);
    return {
      recordCount: records.length,
      ambiguous: false,
      sizeBytes: body.length * jsonTreeFactor,
      visit: (visit) => void visitSignozJson(records, visit),
    };
  },
};

/** Memory of a parsed tree against its text, as seen with flow-log records. */
const jsonTreeFactor = 4;

function keepOn(_view: RecordView, _index: number): boolean {
  return false;
}
