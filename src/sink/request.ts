// A request as received: read to its last byte before anything is answered, unless a fault works on the reading itself.

import type { IncomingMessage } from 'node:http';

import { free, giveMemory, takeMemory } from './body-memory.ts';

export interface RequestHead {
  readonly method: string;
  /** Scheme and host where the target names them, as a proxy's client does (RFC 9112, section 3.2.2); else empty. */
  readonly origin: string;
  /** As sent, without the query; empty where an origin is all there is. */
  readonly path: string;
  /** With its question mark; empty where there is none. */
  readonly query: string;
  /** The first header of each name, in lower case: repeated ones are not looked at by Go's `Header.Get`. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface SinkRequest extends RequestHead {
  /** Undefined where it was longer than the limit: then it was read and thrown away. */
  readonly body: Buffer | undefined;
  readonly sizeBytes: number;
  /** What broke the body off, in Go's words: such a request was never whole. */
  readonly damage?: string;
}

/** Sees what is there of a body after each piece, and may make the next one wait; `end` gives the request up. */
export type OnPiece = (soFar: Buffer, pieceBytes: number) => Promise<'go-on' | 'end'> | undefined;

export interface ReadOptions {
  readonly limitBytes: number;
  readonly onPiece: OnPiece;
  /** Resolves with what broke the body off, where its client can still be told. */
  readonly damage: Promise<string>;
}

/** Bytes that are set aside for a body before any of it came: what is announced need never come. */
const firstBytes = 1024 * 1024;

/** The head of a request, before its body was read. */
export function readHead(raw: IncomingMessage, target: string): RequestHead {
  const [, origin = '', path = '', query = ''] = /^([a-z]+:\/\/[^/?]*)?([^?]*)(\?.*)?$/is.exec(target)!;
  return { method: raw.method!, origin, path, query, headers: firstHeaders(raw.rawHeaders) };
}

export interface ReceivedBody extends Pick<SinkRequest, 'body' | 'sizeBytes' | 'damage'> {
  /** What the body lies in: to be given back when nothing points into it any more. */
  readonly memory?: Buffer;
}

export interface BodyReading {
  /** Undefined when the client went away before the last byte, or the reading was given up. */
  readonly received: Promise<ReceivedBody | undefined>;
  giveUp(): void;
}

/**
 * Reads the body. One over the limit is read to its end all the same, so that its sender sees the answer and not a reset.
 */
export function readBody(raw: IncomingMessage, { limitBytes, onPiece, damage }: ReadOptions): BodyReading {
  const { promise: received, resolve, reject } = Promise.withResolvers<ReceivedBody | undefined>();
  const declaredBytes = Number(raw.headers['content-length'] ?? 0);
  // Each piece is copied while it is in the processor's cache, which is faster than joining all of them at the end.
  let body = takeMemory(Math.min(declaredBytes, limitBytes, firstBytes));
  let sizeBytes = 0;
  let waiting: Promise<void> | undefined;
  /** Whether the memory is still this reader's to give back. */
  let isOurs = true;
  let isOver = false;
  const settle = (result: ReceivedBody | undefined): void => {
    if (!isOver && result?.memory) isOurs = false;
    isOver = true;
    resolve(result);
  };
  raw.on('data', (piece: Buffer) => {
    const pieceBytes = piece.length;
    const end = sizeBytes + pieceBytes;
    if (end > body.length && end <= limitBytes) body = enlarged(body, end);
    if (end <= body.length) body.set(piece, sizeBytes);
    sizeBytes = end;
    free(piece);
    const wait = onPiece(body.subarray(0, Math.min(sizeBytes, body.length)), pieceBytes);
    if (!wait) return;
    raw.pause();
    waiting = wait.then((next) => {
      waiting = undefined;
      if (next === 'end') settle(undefined);
      else raw.resume();
    }, reject);
  });
  // A body that was all there when its client went is still read to its end where a fault makes that take time, the last piece, too.
  const afterLastPiece = (action: () => void): void => void (waiting ? waiting.then(action) : action());
  const whole = (): void => {
    settle({ body: sizeBytes <= limitBytes ? body.subarray(0, sizeBytes) : undefined, sizeBytes, memory: body });
  };
  const gone = (): void => {
    settle(undefined);
    if (isOurs) giveMemory(body);
    isOurs = false;
  };
  raw.on('end', () => afterLastPiece(whole));
  raw.on('error', () => afterLastPiece(() => settle(undefined)));
  raw.on('close', () => afterLastPiece(gone));
  // Nothing more would come of a stream that ended while the sink had no room to read it.
  if (raw.destroyed) gone();
  void damage.then((text) => settle({ body: body.subarray(0, sizeBytes), sizeBytes, damage: text }));
  return { received, giveUp: () => settle(undefined) };
}

/** At least doubles, so that a body of unknown length is copied a bounded number of times. */
function enlarged(body: Buffer, leastBytes: number): Buffer {
  const larger = takeMemory(Math.max(leastBytes, body.length * 2, 64 * 1024));
  body.copy(larger);
  giveMemory(body);
  return larger;
}

/** By lower-case name. */
export function firstHeaders(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (!headers.has(name)) headers.set(name, rawHeaders[i + 1]!.trim());
  }
  return headers;
}
