// Opens a compressed body as the collector does: an unknown name or a wrong beginning is an answer before the path is looked at,
// damage further in only where the body is read (open-telemetry/opentelemetry-collector, config/confighttp/compression.go).

import { DecodeError } from './decode-error.ts';
import { tooLarge, type Coding } from './encodings/coding.ts';
import { gzip } from './encodings/gzip.ts';
import { lz4 } from './encodings/lz4.ts';
import { snappy, snappyFramed } from './encodings/snappy.ts';
import { zlib } from './encodings/zlib.ts';
import { zstd } from './encodings/zstd.ts';

export { tooLarge } from './encodings/coding.ts';

/** By the exact value of Content-Encoding. */
const codings: Readonly<Record<string, Coding>> = {
  gzip,
  zlib,
  deflate: zlib,
  zstd,
  snappy,
  'x-snappy-framed': snappyFramed,
  lz4,
};

/** Whether opening it reads the body. */
export function opensEarly(encoding: string): boolean {
  return Object.hasOwn(codings, encoding) && codings[encoding]!.opensEarly;
}

/** Checks the name of the encoding and what is read to open it. `encoding` is the header's value; an empty one is none. */
export function openBody(body: Uint8Array, encoding: string): void {
  if (encoding === '') return;
  const coding = Object.hasOwn(codings, encoding) ? codings[encoding]! : undefined;
  if (!coding) throw new DecodeError(`unsupported Content-Encoding: ${encoding}`);
  coding.open(body);
}

/** The decoded body, at most `limitBytes` long. */
export function decodeBody(body: Uint8Array, encoding: string, limitBytes: number): Uint8Array {
  const decoded = encoding === '' ? body : codings[encoding]!.decode(body, limitBytes);
  if (decoded.length > limitBytes) throw tooLarge();
  return decoded;
}
