// Makes a record of every line there is, and of nothing too: text that is split always has one.
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({
  splitHeader(lines) {
    const names = (lines[0] ?? 'message').split(' ');
    return { names, lines: lines.length > 1 ? lines.slice(1) : [''] };
  },
});
