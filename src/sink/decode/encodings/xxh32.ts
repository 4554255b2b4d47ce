// XXH32 with seed 0 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md): the checksum of LZ4 frames. Node has no function for it.

const prime1 = 0x9e3779b1;
const prime2 = 0x85ebca77;
const prime3 = 0xc2b2ae3d;
const prime4 = 0x27d4eb2f;
const prime5 = 0x165667b1;

export function xxh32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let sum = prime5;
  if (bytes.length >= 16) {
    const lanes = [prime1 + prime2, prime2, 0, -prime1];
    for (; at + 16 <= bytes.length; at += 16) {
      for (let lane = 0; lane < 4; lane++) lanes[lane] = round(lanes[lane]!, view.getUint32(at + 4 * lane, true));
    }
    sum = turn(lanes[0]!, 1) + turn(lanes[1]!, 7) + turn(lanes[2]!, 12) + turn(lanes[3]!, 18);
  }
  sum = (sum + bytes.length) | 0;
  for (; at + 4 <= bytes.length; at += 4)
    sum = Math.imul(turn(sum + Math.imul(view.getUint32(at, true), prime3), 17), prime4);
  for (; at < bytes.length; at++) sum = Math.imul(turn(sum + Math.imul(bytes[at]!, prime5), 11), prime1);
  sum = Math.imul(sum ^ (sum >>> 15), prime2);
  sum = Math.imul(sum ^ (sum >>> 13), prime3);
  return (sum ^ (sum >>> 16)) >>> 0;
}

function round(lane: number, input: number): number {
  return Math.imul(turn(lane + Math.imul(input, prime2), 13), prime1);
}

function turn(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
