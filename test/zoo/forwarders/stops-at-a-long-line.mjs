// Stops at the first line over 64 KiB and reports success, as a scanner with a fixed buffer does whose error nobody reads.
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({
  select: (lines) => {
    const long = lines.findIndex((line) => line.length > 65_536);
    return long === -1 ? lines : lines.slice(0, long);
  },
});
