// Stops at the end of the first gzip member.
import { inflateRawSync } from 'node:zlib';

import { linesOf, readBytes } from './object-bytes.mjs';
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({
  async readLines(bucket, key) {
    const text = inflateRawSync((await readBytes(bucket, key)).subarray(10)).toString();
    return linesOf(text.slice(0, text.lastIndexOf('\n') + 1));
  },
});
