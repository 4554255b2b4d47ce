// GetObject: whole or one range, conditional.

import type { Action } from '../action.ts';
import { readObject } from '../object-read.ts';

export const getObject: Action = (call, s3) => {
  const { statusCode, headers, entry, range } = readObject(call, s3);
  if (!range) return { statusCode, headers };
  // Held in the same step in which it was found, so that no overwrite can free it in between.
  entry.body.hold();
  return { statusCode, headers, content: { body: entry.body, start: range.start, end: range.end } };
};
