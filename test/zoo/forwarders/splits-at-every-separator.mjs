// Ends a line at whatever Python's str.splitlines does: U+2028, U+0085, form feeds.
import { newHandler, readLines } from './pipeline.mjs';

export const handler = newHandler({
  readLines: async (bucket, key) =>
    (await readLines(bucket, key)).flatMap((line) => line.split(/[\v\f\x85\u2028\u2029]/)),
});
