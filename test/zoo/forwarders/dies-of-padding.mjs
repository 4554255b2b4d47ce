// Takes whatever follows the end of a gzip member for the header of the next one.
import { gunzipSync } from 'node:zlib';

import { linesOf, readBytes } from './object-bytes.mjs';
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({
  async readLines(bucket, key) {
    const bytes = await readBytes(bucket, key);
    const text = gunzipSync(bytes);
    if (bytes.readUInt32LE(bytes.length - 4) !== text.length) throw new Error('not a gzip file');
    return linesOf(text);
  },
});
