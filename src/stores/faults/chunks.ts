// The body comes in pieces of odd sizes, each written by itself: a decoder that trusts a piece to hold whole lines or whole
// characters shows it. The network may still join two pieces.

import { Type } from 'typebox';

import { onBody, storeFault } from './kind.ts';

export const chunksFault = storeFault<{ readonly sizes: readonly number[] }>({
  kind: 'store.chunks',
  summary: 'sends the body in pieces of these sizes, over and over',
  description: 'The body comes in pieces of odd sizes.',
  keys: {
    sizes: Type.Array(Type.Integer({ minimum: 1 }), {
      minItems: 1,
      description: 'Bytes of each piece; behind the last comes the first again.',
      examples: [[1, 10, 1000]],
    }),
  },
  open: ({ sizes }) => onBody({ pieceBytes: sizes }),
});
