// A gzip of several members that ends behind one of them: the rest is lost, and nobody can know, for what is left is a whole gzip.

import { gzipSync } from 'node:zlib';

import { objectFault } from './kind.ts';
import { cutHeader } from './lines.ts';

export const cutMembersFault = objectFault({
  kind: 'object.cut-members',
  summary: 'cuts a gzip of four members behind the second, so that what is left is whole; of what is left',
  owes: 'owed',
  open: () => ({
    strike(file) {
      const { header, records } = cutHeader(file);
      const end = records.indexOf(0x0a, Math.floor(records.length / 2)) + 1;
      return {
        ...file,
        text: Buffer.concat([header, records.subarray(0, end)]),
        pack(text) {
          const middle = text.length >> 1;
          return Buffer.concat([gzipSync(text.subarray(0, middle)), gzipSync(text.subarray(middle))]);
        },
      };
    },
  }),
});
