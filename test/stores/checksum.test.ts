// The checksums against published check values: the CRC of "123456789".

import { expect, test } from 'vitest';

import { expectedChecksum } from '../../src/stores/embedded/checksum.ts';

test.for([
  // CRC RevEng, "Catalogue of parametrised CRC algorithms": ISO-HDLC, ISCSI, NVME.
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
  ['crc64nvme', 'ae8b14860a799888'],
  ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
] as const)('%s of 123456789 is %s, in one piece or in nine', ([algorithm, hex]) => {
  for (const pieces of [['123456789'], '1,2,3,4,5,6,7,8,9'.split(',')]) {
    const { hasher } = expectedChecksum({ 'x-amz-trailer': `x-amz-checksum-${algorithm}` })!;
    for (const piece of pieces) hasher.update(Buffer.from(piece));
    expect(hasher.digest().toString('hex')).toBe(hex);
  }
});
