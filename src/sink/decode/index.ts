// From the bytes of a request to records. A body is taken whole or refused whole, so it is checked first and visited after.

import type { RecordView, VisitRecord } from '../../core/model/delivery.ts';
import { decodedPath } from '../routes/unknown-path.ts';
import { exportPath } from '../grpc/path.ts';
import { DecodeError } from './decode-error.ts';
import { decodeFirehose, firehosePath, type HeaderOf } from './firehose.ts';
import { mediaType } from './media-type.ts';
import { OtlpJsonWalk } from './otlp-json.ts';
import { checkOtlpProtobuf, decodeOtlpProtobuf } from './otlp-protobuf.ts';
import { jsonResourceLogs, protobufResourceLogs } from './otlp-resource-logs.ts';
import type { AgeWatch, VisitUntil } from './record-view.ts';
import { SignozJsonWalk } from './signoz-json.ts';
import { signozResourceLogs } from './signoz-resource-logs.ts';

/** A body that the receiver takes. */
export interface DecodedBody {
  readonly recordCount: number;
  /** Bytes that it keeps alive. */
  readonly sizeBytes: number;
  /** The real receiver has several outcomes for it; ours is one of them. */
  readonly ambiguous: boolean;
  /** Visits the records in order until `visit` returns true. May be called again. */
  visit(visit: VisitUntil): void;
  /**
   * What the receiver hands on for the first `recordLimit` records, as the collector writes `resourceLogs` in OTLP JSON; the observed time
   * is there only where the sender set it. An object for each value: for people and tests.
   */
  resourceLogs(recordLimit?: number): readonly object[];
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
 * Checks the whole body; throws a DecodeError with the receiver's own text and status. `watch` looks for old records on the way, also
 * in a body that is refused further on. Only Firehose's receiver looks at headers of the request.
 */
export function checkBody(
  format: BodyFormat,
  body: Uint8Array,
  watch?: AgeWatch,
  header: HeaderOf = () => undefined,
): DecodedBody {
  const decoded = decoders[format].check(body, watch, header);
  // Without a record nothing is handed on, whatever resources there are (otlpreceiver/internal/logs/otlp.go, Export).
  return decoded.recordCount === 0 ? { ...decoded, resourceLogs: () => [] } : decoded;
}

/** Visits the whole records at the beginning of a body that may be cut anywhere; never throws for what the body holds. */
export function visitPrefix(format: BodyFormat, body: Uint8Array, visit: VisitUntil): void {
  try {
    decoders[format].visitPrefix(body, visit);
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

/** One format. Whatever throws a DecodeError may have visited records before. */
interface BodyDecoder {
  check(body: Uint8Array, watch: AgeWatch | undefined, header: HeaderOf): DecodedBody;
  visitPrefix(body: Uint8Array, visit: VisitUntil): void;
}

const decoders: Readonly<Record<BodyFormat, BodyDecoder>> = {
  'otlp-protobuf': {
    check: (body, watch) => ({
      recordCount: checkOtlpProtobuf(body, watch),
      ambiguous: false,
      sizeBytes: body.length,
      visit: (visit) => decodeOtlpProtobuf(body, visit, 'visit'),
      resourceLogs: (recordLimit = Infinity) => protobufResourceLogs(body, recordLimit),
    }),
    visitPrefix: (body, visit) => decodeOtlpProtobuf(body, visit, 'prefix'),
  },
  'otlp-json': {
    check(body, watch) {
      const walk = new OtlpJsonWalk(body, watch?.visit ?? keepOn);
      walk.check(watch);
      const { recordCount, lateOwners } = walk;
      return {
        recordCount,
        ambiguous: false,
        sizeBytes: body.length,
        visit: (visit) => new OtlpJsonWalk(body, visit, lateOwners).walk(),
        resourceLogs: (recordLimit = Infinity) => jsonResourceLogs(body, recordLimit),
      };
    },
    visitPrefix: (body, visit) => new OtlpJsonWalk(body, visit).walk(),
  },
  'signoz-json': {
    check(body, watch) {
      const walk = new SignozJsonWalk(body, watch?.visit ?? keepOn);
      walk.check(watch);
      return {
        recordCount: walk.recordCount,
        ambiguous: walk.ambiguous,
        sizeBytes: body.length,
        visit: (visit) => new SignozJsonWalk(body, visit).visitRecords(),
        resourceLogs: (recordLimit = Infinity) => signozResourceLogs(body, recordLimit),
      };
    },
    visitPrefix: (body, visit) => new SignozJsonWalk(body, visit).visitRecords(),
  },
  firehose: {
    check: (body, watch, header) => decodeFirehose(body, watch?.visit ?? keepOn, header),
    // Its records are in a gzip each, within one JSON value: only all of it tells.
    visitPrefix: () => undefined,
  },
};

function keepOn(_view: RecordView, _index: number): boolean {
  return false;
}
