// The shape of a content coding, and the errors that several of them share in Go's words.

import { DecodeError } from '../decode-error.ts';

export interface Coding {
  /** Whether `open` looks at the body. */
  readonly opensEarly: boolean;
  /** Throws where the collector fails while it opens the decoder: before it looks at the path. */
  open(body: Uint8Array): void;
  /** The decoded body, or a DecodeError; stops as soon as there are more than `limitBytes`. */
  decode(body: Uint8Array, limitBytes: number): Uint8Array;
}

/** What Go's http.MaxBytesReader says; the real collector answers 400 with it, not 413. */
export function tooLarge(): DecodeError {
  return new DecodeError('http: request body too large');
}

/** Go's io.ErrUnexpectedEOF. */
export function cutShort(): DecodeError {
  return new DecodeError('unexpected EOF');
}
