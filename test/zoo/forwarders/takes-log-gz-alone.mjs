// Leaves every key alone that does not end in .log.gz, without a word.
import { newHandler, readLines } from './pipeline.mjs';

export const handler = newHandler({
  readLines: (bucket, key) => (key.endsWith('.log.gz') ? readLines(bucket, key) : []),
});
