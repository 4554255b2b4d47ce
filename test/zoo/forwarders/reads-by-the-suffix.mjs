// Inflates what is called .gz, and reads everything else as text.
import { gunzipSync } from 'node:zlib';

import { linesOf, readBytes } from './object-bytes.mjs';
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({
  async readLines(bucket, key) {
    const bytes = await readBytes(bucket, key);
    return linesOf(key.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  },
});
