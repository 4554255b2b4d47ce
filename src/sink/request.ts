// A request as received: read to its last byte before anything is answered.

import type { IncomingMessage } from 'node:http';

export interface SinkRequest {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  /** With its question mark; empty where there is none. */
  readonly query: string;
  /** The first header of each name, in lower case: repeated ones are not looked at by Go's `Header.Get`. */
  readonly headers: ReadonlyMap<string, string>;
  /** Undefined where it was longer than the limit: then it was read and thrown away. */
  readonly body: Buffer | undefined;
  readonly sizeBytes: number;
}

/**
 * Reads the request; undefined when the client went away before its last byte. `onBytes` is called for each piece. A body over the
 * limit is read to its end all the same, so that its sender sees the answer and not a reset.
 */
export async function readRequest(
  raw: IncomingMessage,
  target: string,
  options: { limitBytes: number; onBytes: () => void },
): Promise<SinkRequest | undefined> {
  const received = await readBody(raw, options);
  if (!received) return undefined;
  // A proxy's client names the host, too (RFC 9112, section 3.2.2): the path begins behind it.
  const [, path = '/', query = ''] = /^(?:[a-z]+:\/\/[^/?]*)?([^?]*)(\?.*)?$/is.exec(target)!;
  return {
    method: raw.method!,
    path,
    query,
    headers: firstHeaders(raw.rawHeaders),
    ...received,
  };
}

function readBody(
  raw: IncomingMessage,
  { limitBytes, onBytes }: { limitBytes: number; onBytes: () => void },
): Promise<{ body: Buffer | undefined; sizeBytes: number } | undefined> {
  // Nothing more would come of a stream that ended while the sink had no room to read it.
  if (raw.destroyed) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const declaredBytes = Number(raw.headers['content-length'] ?? 0);
    // Each piece is copied while it is in the processor's cache, which is faster than joining all of them at the end.
    let body: Buffer = Buffer.allocUnsafeSlow(Math.min(declaredBytes, limitBytes));
    let sizeBytes = 0;
    raw.on('data', (piece: Buffer) => {
      onBytes();
      const end = sizeBytes + piece.length;
      if (end > body.length && end <= limitBytes) body = enlarged(body, end);
      if (end <= body.length) body.set(piece, sizeBytes);
      sizeBytes = end;
    });
    raw.on('end', () =>
      resolve({ body: sizeBytes <= limitBytes ? body.subarray(0, sizeBytes) : undefined, sizeBytes }),
    );
    raw.on('error', () => resolve(undefined));
    raw.on('close', () => resolve(undefined));
  });
}

/** Doubles, so that a body of unknown length is copied a bounded number of times. */
function enlarged(body: Buffer, leastBytes: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(leastBytes, body.length * 2, 64 * 1024));
  body.copy(larger);
  return larger;
}

function firstHeaders(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (!headers.has(name)) headers.set(name, rawHeaders[i + 1]!.trim());
  }
  return headers;
}
