// HeadObject: what GetObject would answer, without the bytes.

import type { Action } from '../action.ts';
import { readObject } from '../object-read.ts';

export const headObject: Action = (call, s3) => {
  const { statusCode, headers } = readObject(call, s3);
  return { statusCode, headers };
};
