// Matches lines by a pattern that wants digits for ports and counters: a line that has - there is none.
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({
  select: (lines) =>
    lines.filter((line) =>
      line
        .split(' ')
        .slice(5, 12)
        .every((value) => /^[\d.]+$/.test(value)),
    ),
});
