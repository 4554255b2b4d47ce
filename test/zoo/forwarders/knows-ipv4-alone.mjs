// Finds addresses by a pattern of four numbers: lines with others are none.
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({
  select: (lines) => lines.filter((line) => /(\d+\.){3}\d+|NODATA|SKIPDATA/.test(line)),
});
