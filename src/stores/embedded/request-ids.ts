// The two ids that S3 gives each request, and that its events repeat: x-amz-request-id and x-amz-id-2 ("Getting Amazon S3
// request IDs for AWS Support", Amazon S3 User Guide).

import type { RandomSource } from '../../core/random.ts';

export interface RequestIds {
  readonly requestId: string;
  readonly hostId: string;
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Of 25 bits. */
function fiveLetters(bits: number): string {
  return (
    letters[(bits >>> 20) & 31]! +
    letters[(bits >>> 15) & 31]! +
    letters[(bits >>> 10) & 31]! +
    letters[(bits >>> 5) & 31]! +
    letters[bits & 31]!
  );
}

/** Ids look like AWS's: 16 letters and digits, and the base64 of 56 bytes. Never the same twice. */
export function requestIdSource(random: RandomSource): () => RequestIds {
  const ids = random.split('request-ids');
  const host = Buffer.alloc(56);
  let count = 0;
  return () => {
    count += 1;
    // The last letters count, so that two ids differ whatever was drawn.
    const requestId =
      fiveLetters(ids.at(count, 0)) + fiveLetters(ids.at(count, 1)) + letters[(count >>> 25) & 31] + fiveLetters(count);
    for (let i = 0; i < 14; i++) host.writeUInt32LE(ids.at(count, 100 + i), i * 4);
    return { requestId, hostId: host.toString('base64') };
  };
}
