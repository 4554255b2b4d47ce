// DEFLATE without a wrapper (RFC 1951) by zlib, with errors in the words of Go's compress/flate.

import { inflateRawSync, type ZlibOptions } from 'node:zlib';

import { DecodeError } from '../decode-error.ts';
import { cutShort, tooLarge } from './coding.ts';

/** What zlib answers with `info: true`: how much of its input it consumed. */
export interface Inflated {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** The text, and how many bytes of `deflated` it took. What follows them is not looked at. */
export function inflate(deflated: Uint8Array, limitBytes: number): { text: Uint8Array; usedBytes: number } {
  const outcome = tryInflate(deflated, limitBytes);
  if (outcome instanceof Error) throw outcome;
  return { text: outcome.buffer, usedBytes: outcome.engine.bytesWritten };
}

function tryInflate(deflated: Uint8Array, limitBytes: number): Inflated | DecodeError {
  const code = errorOf(deflated, limitBytes);
  if (typeof code !== 'string') return code;
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge();
  if (code === 'Z_BUF_ERROR') return cutShort();
  return new DecodeError(`flate: corrupt input before offset ${corruptOffset(deflated, limitBytes)}`);
}

/** Runs zlib over the bytes; its error's code where it fails. */
function errorOf(deflated: Uint8Array, limitBytes: number): Inflated | string {
  try {
    const options: ZlibOptions = { maxOutputLength: limitBytes, info: true };
    return inflateRawSync(deflated, options) as unknown as Inflated;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/**
 * How many bytes Go has read when it finds the damage: as many as the shortest beginning that zlib calls damaged and not merely cut
 * short. zlib tells no position, so it is looked for by halving: 25 runs for 20 MiB, and only for a body that is refused.
 */
function corruptOffset(deflated: Uint8Array, limitBytes: number): number {
  let [cut, damaged] = [0, deflated.length];
  while (damaged - cut > 1) {
    const middle = (cut + damaged) >>> 1;
    if (errorOf(deflated.subarray(0, middle), limitBytes) === 'Z_DATA_ERROR') damaged = middle;
    else cut = middle;
  }
  return damaged;
}
