// The two ids that S3 gives each request, and that its events repeat: x-amz-request-id and x-amz-id-2 ("Getting Amazon S3
// request IDs for AWS Support", Amazon S3 User Guide).

import type { RandomSource } from '../../core/random.ts';

export interface RequestIds {
  readonly requestId: string;
  readonly hostId: string;
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Ids look like AWS's: 16 letters and digits, and the base64 of 56 bytes. Never the same twice. */
export function requestIdSource(random: RandomSource): () => RequestIds {
  const ids = random.split('request-ids');
  let count = 0;
  return () => {
    count += 1;
    let requestId = '';
    for (let i = 0; i < 10; i++) requestId += letters[ids.below(letters.length, count, i)];
    // The last letters count, so that two ids differ whatever was drawn.
    for (let shift = 25; shift >= 0; shift -= 5) requestId += letters[(count >>> shift) & 31];
    const host = Buffer.alloc(56);
    for (let i = 0; i < 14; i++) host.writeUInt32LE(ids.at(count, 100 + i), i * 4);
    return { requestId, hostId: host.toString('base64') };
  };
}
