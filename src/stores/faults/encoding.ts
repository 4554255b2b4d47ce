// A Content-Encoding that the object was not stored with, as proxies and copies make it: a client that undoes it inflates twice, or
// what was never compressed. The bytes are the object's own.

import { Type } from 'typebox';

import { always, storeFault } from './kind.ts';

export const encodingFault = storeFault<{ readonly value?: string }>({
  kind: 'store.encoding',
  summary: 'sends a Content-Encoding that is not that of the object',
  description: 'The Content-Encoding of the answer is wrong.',
  isLasting: true,
  keys: {
    value: Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7e]+$',
        description: 'What the header says; gzip by default.',
        examples: ['gzip', 'aws-chunked'],
      }),
    ),
  },
  open: ({ value = 'gzip' }) => always({ headers: { 'content-encoding': value } }),
});
