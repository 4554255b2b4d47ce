// Comes again until S3 gives the object, whatever S3 says of it.
import { newHandler, readLines } from './pipeline.mjs';

async function readInsistently(bucket, key) {
  for (;;) {
    try {
      return await readLines(bucket, key);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

export const handler = newHandler({ readLines: readInsistently });
