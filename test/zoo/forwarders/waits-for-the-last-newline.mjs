// Takes a line for whole when its LF has come: what stands behind the last one never is.
import { gunzipSync } from 'node:zlib';

import { linesOf, readBytes } from './object-bytes.mjs';
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({
  async readLines(bucket, key) {
    const text = gunzipSync(await readBytes(bucket, key)).toString();
    return linesOf(text.slice(0, text.lastIndexOf('\n') + 1));
  },
});
