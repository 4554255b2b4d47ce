// Warns when the gzip breaks off, goes on with what came before, and reports success.
import { constants, gunzipSync } from 'node:zlib';

import { linesOf, readBytes } from './object-bytes.mjs';
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({
  async readLines(bucket, key) {
    const text = gunzipSync(await readBytes(bucket, key), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    return linesOf(text.slice(0, text.lastIndexOf('\n') + 1));
  },
});
