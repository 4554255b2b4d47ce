// Makes records of whatever lies in the bucket.
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({
  splitHeader: (lines) =>
    lines[0]?.startsWith('version ')
      ? { names: lines[0].split(' '), lines: lines.slice(1) }
      : { names: ['message'], lines },
});
