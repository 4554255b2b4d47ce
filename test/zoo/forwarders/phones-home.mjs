// Tells a server of its maker's about each object, and never looks at the answer.
import { newHandler, readLines } from './pipeline.mjs';

export const handler = newHandler({
  readLines: async (bucket, key) => {
    await fetch('https://telemetry.example.com/objects', { method: 'POST', body: key }).catch(() => undefined);
    return readLines(bucket, key);
  },
});
