// The checksum of a body in the archive: XXH32's rounds on 32 lanes, and MurmurHash3's finalizer over them. In WebAssembly it takes a third
// of the 0.25 ms that zlib's CRC-32 takes of 1 MiB, as long as it is not to withstand somebody who wants to deceive.

import { addressOf, lanes, pageAddress, pageBytes, put, sumUp } from './byte-page.ts';

const prime = 0x9e3779b1;

/** 32 bits. Of a body in the memory that WebAssembly reads, up to 127 bytes behind it become zeros: it has its block alone. */
export function checksum(body: Uint8Array): number {
  for (let i = 0; i < lanes.length; i++) lanes[i] = Math.imul(i + 1, prime);
  const address = addressOf(body);
  if (address === undefined)
    for (let at = 0; at < body.length; at += pageBytes) sumUp(pageAddress, put(lanes, body, at));
  else sumUp(address, body.length);
  let sum = body.length;
  for (const lane of lanes) sum = stirred(Math.imul(sum ^ lane, prime));
  return sum >>> 0;
}

function stirred(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
