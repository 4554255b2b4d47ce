// A gzip or Parquet that ends too early: an upload that broke off, a disk that was full. Of gzip what comes before the end can still be
// read, of Parquet nothing.

import { Type } from 'typebox';

import { quantity } from '../../core/quantity.ts';
import { isParquet } from '../is-parquet.ts';
import { requireGzip } from './gzip.ts';
import { objectFault } from './kind.ts';

export const cutFault = objectFault<{ readonly keep?: number; readonly at?: number }>({
  kind: 'object.cut',
  summary: 'cuts the gzip, or the Parquet, off',
  owes: 'reported',
  parameters: {
    keep: quantity('share', 'The share of its bytes that is left. Default: 50%.', { examples: ['90%'] }),
    at: Type.Integer({ minimum: 1, description: 'Bytes that are left, in place of a share.', examples: [20] }),
  },
  mistake: ({ keep, at }) =>
    keep !== undefined && at !== undefined ? 'keep and at exclude each other: both say what is left.' : undefined,
  open: ({ keep = 0.5, at }) => ({
    strike: (file) => ({
      ...file,
      pack(text) {
        const packed = file.pack(text);
        // Parquet's footer stands at its end: without it nothing can be read.
        const bytes = isParquet(packed) ? packed : requireGzip(packed, file.key, 'object.cut');
        // At least one byte is left, and one is missing: else the object would be empty, or whole.
        const length = Math.min(Math.max(1, at ?? Math.floor(keep * bytes.length)), bytes.length - 1);
        return bytes.subarray(0, length);
      },
    }),
  }),
});
