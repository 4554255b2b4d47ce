// A delivery as the admin API tells it: one line of JSON, in pieces, since the records of a body of 20 MiB make a text that is
// several times as long.

import { keptCount } from '../../core/model/delivery.ts';
import type { LoggedDelivery } from './delivery-log.ts';

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
  // Only the records at the beginning were kept where the others were rejected by a partial success.
  const limit = entry.rejectedCount ? keptCount(entry) : undefined;
  if (decoded) yield* jsonPieces(decoded.resourceLogs(limit), recordDepth);
  else yield '[]';
  yield '}\n';
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
