// A gzip of several members, one of them empty, cut anywhere in the text: RFC 1952 (2.2) allows it, `cat a.gz b.gz` makes it, and
// decoders that stop behind the first member lose the rest without an error.

import { gzipSync } from 'node:zlib';

import { Type } from 'typebox';

import { objectFault } from './kind.ts';

export const membersFault = objectFault<{ readonly count?: number }>({
  kind: 'object.members',
  summary: 'compresses the file as several gzip members, one of them empty',
  owes: 'owed',
  parameters: {
    count: Type.Integer({
      minimum: 2,
      maximum: 10_000,
      description: 'Members that hold text. Default: 4.',
      examples: [4],
    }),
  },
  open: ({ count = 4 }) => ({
    strike: (file) => ({
      ...file,
      pack(text) {
        const at = (i: number): number => Math.floor((text.length * i) / count);
        const members = Array.from({ length: count }, (_, i) =>
          gzipSync(text.subarray(at(i), at(i + 1)), { level: 1 }),
        );
        return Buffer.concat([members[0]!, gzipSync(''), ...members.slice(1)]);
      },
    }),
  }),
});
