// Fails the file at the first line that has not as many values as the header has names, blank ones among them.
import { gunzipSync } from 'node:zlib';

import { isGzip, readBytes } from './object-bytes.mjs';
import { flatRecord, newHandler } from './pipeline.mjs';

export const handler = newHandler({
  async readLines(bucket, key) {
    const bytes = await readBytes(bucket, key);
    const text = (isGzip(bytes) ? gunzipSync(bytes) : bytes).toString();
    return text.slice(0, text.endsWith('\n') ? -1 : undefined).split('\n');
  },
  toRecord(line, names) {
    const { length } = line.split(' ');
    if (length !== names.length) throw new Error(`log line has ${length} fields, not ${names.length}`);
    return flatRecord(line, names);
  },
});
