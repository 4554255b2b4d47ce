// Leaves out bytes that are no UTF-8.
import { gunzipSync } from 'node:zlib';

import { linesOf, readBytes } from './object-bytes.mjs';
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({
  readLines: async (bucket, key) =>
    linesOf(
      gunzipSync(await readBytes(bucket, key))
        .toString()
        .replaceAll('\ufffd', ''),
    ),
});
