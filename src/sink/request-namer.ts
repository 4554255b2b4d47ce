// Names requests for the decisions of faults: by the first record that has a name, so that a request is the same however it is
// compressed or sent again, and also while only its beginning has come.

import { createHash } from 'node:crypto';
import { gunzipSync, inflateSync, constants } from 'node:zlib';

import type { RecordView } from '../core/model/delivery.ts';
import { formatOf, visitPrefix, type DecodedBody } from './decode/index.ts';
import type { RequestHead } from './request.ts';

/** Names a request by one of its records; undefined asks for the next record. */
export type Identify = (view: RecordView) => string | undefined;

/** Of a body that came this far without naming itself no more is looked at. */
const lookedAtBytes = 256 * 1024;

export class RequestNamer {
  private readonly identify: Identify;

  constructor(identify: Identify | undefined) {
    this.identify = identify ?? (() => undefined);
  }

  /** Without a record that has a name the SHA-256 of the decoded body is the name. */
  nameOf(decoded: DecodedBody, body: Uint8Array): string {
    let name: string | undefined;
    decoded.visit((view) => (name = this.identify(view)) !== undefined);
    return name ?? createHash('sha256').update(body).digest('hex');
  }

  /** By what has come of its body; undefined where that does not tell yet. */
  nameOfPrefix(head: RequestHead, soFar: Uint8Array): string | undefined {
    if (soFar.length > lookedAtBytes) return undefined;
    const body = opened(soFar, head.headers.get('content-encoding') ?? '');
    if (!body) return undefined;
    let name: string | undefined;
    const format = formatOf({ path: head.path, contentType: head.headers.get('content-type') });
    visitPrefix(format, body, (view) => (name = this.identify(view)) !== undefined);
    return name;
  }
}

/** What a cut body decodes to as far as it goes. */
function opened(soFar: Uint8Array, encoding: string): Uint8Array | undefined {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * lookedAtBytes };
  try {
    if (encoding === '') return soFar;
    if (encoding === 'gzip') return gunzipSync(soFar, options);
    return encoding === 'deflate' || encoding === 'zlib' ? inflateSync(soFar, options) : undefined;
  } catch {
    return undefined;
  }
}
