// The two ids that S3 gives each request, and that its events repeat: x-amz-request-id and x-amz-id-2 ("Getting Amazon S3
// request IDs for AWS Support", Amazon S3 User Guide).

import type { RandomSource } from '../../core/random.ts';

export interface RequestIds {
  readonly requestId: string;
  readonly hostId: string;
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** By 10 bits: half as many steps as letters. */
const pairs = Array.from({ length: 1024 }, (_, i) => letters[i >>> 5]! + letters[i & 31]!);

/** Of 30 bits. */
function sixLetters(bits: number): string {
  return pairs[(bits >>> 20) & 1023]! + pairs[(bits >>> 10) & 1023]! + pairs[bits & 1023]!;
}

/** So many hosts answer: each has its id. */
const hostCount = 64;

/** Ids look like AWS's: 16 letters and digits, never the same twice; and the base64 of 56 bytes, which stands for the host that answers. */
export function requestIdSource(random: RandomSource): () => RequestIds {
  const ids = random.split('request-ids');
  const hostIds = Array.from({ length: hostCount }, (_, host) => hostIdOf(ids, host));
  let count = 0;
  return () => {
    count += 1;
    const [first, second] = [ids.at(count, 0), ids.at(count, 1)];
    // The last letters count, so that two ids differ whatever was drawn.
    const requestId = pairs[second & 1023]! + pairs[(second >>> 10) & 1023]! + sixLetters(first) + sixLetters(count);
    return { requestId, hostId: hostIds[second >>> 26]! };
  };
}

function hostIdOf(ids: RandomSource, host: number): string {
  const bytes = Buffer.alloc(56);
  for (let i = 0; i < 14; i++) bytes.writeUInt32LE(ids.at(0, host * 14 + i), i * 4);
  return bytes.toString('base64');
}
