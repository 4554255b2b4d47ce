// A delivery as the admin API tells it: one line of JSON, in pieces, since the records of a body of 20 MiB make a text that is
// several times as long.

import { keptCount } from '../../core/model/delivery.ts';
import type { LoggedDelivery } from './delivery-log.ts';
import { resourceLogsOf } from './resource-logs.ts';

/** `resourceLogs`, a resource's `scopeLogs`, a scope's `logRecords`: a list, its items, their lists, ... down to one record. */
const recordDepth = 5;

export function* deliveryLine({ entry, decoded, error }: LoggedDelivery): Generator<string> {
  // Where the body lies is the archive's own business.
  const {
    file: _file,
    offset: _offset,
    storedBytes: _storedBytes,
    contentType: _type,
    contentEncoding: _encoding,
    ...told
  } = entry;
  const head = JSON.stringify({ ...told, ...(error === undefined ? {} : { archiveError: error }) });
  yield `${head.slice(0, -1)},"resourceLogs":`;
  if (decoded) yield* jsonPieces(firstRecords(resourceLogsOf(decoded), entry), recordDepth);
  else yield '[]';
  yield '}\n';
}

/** Only the records at the beginning were kept where the others were rejected by a partial success. */
function firstRecords(resourceLogs: readonly object[], entry: LoggedDelivery['entry']): readonly object[] {
  if (!entry.rejectedCount) return resourceLogs;
  let left = keptCount(entry);
  const kept: object[] = [];
  for (const resource of resourceLogs as readonly ResourceLogs[]) {
    const scopeLogs: ScopeLogs[] = [];
    for (const scope of resource.scopeLogs ?? []) {
      if (left === 0) break;
      const logRecords = (scope.logRecords ?? []).slice(0, left);
      left -= logRecords.length;
      scopeLogs.push({ ...scope, logRecords });
    }
    if (scopeLogs.length > 0) kept.push({ ...resource, scopeLogs });
  }
  return kept;
}

/** What is looked at of OTLP JSON (opentelemetry-proto, opentelemetry/proto/logs/v1/logs.proto). */
interface ResourceLogs {
  readonly scopeLogs?: readonly ScopeLogs[];
}
interface ScopeLogs {
  readonly logRecords?: readonly object[];
}

/** The text of a value: each item of lists and objects down to `depth` is a piece. */
function* jsonPieces(value: unknown, depth: number): Generator<string> {
  if (depth === 0 || typeof value !== 'object' || value === null) {
    yield JSON.stringify(value);
    return;
  }
  const isList = Array.isArray(value);
  let before = isList ? '[' : '{';
  for (const [key, item] of isList ? value.entries() : Object.entries(value)) {
    if (item === undefined) continue;
    yield isList ? before : `${before}${JSON.stringify(key)}:`;
    yield* jsonPieces(item, depth - 1);
    before = ',';
  }
  yield before === ',' ? (isList ? ']' : '}') : isList ? '[]' : '{}';
}
