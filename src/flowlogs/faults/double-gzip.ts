// Gzip in gzip, as a copy leaves it that compresses once more.

import { gzipSync } from 'node:zlib';

import { objectFault } from './kind.ts';

export const doubleGzipFault = objectFault({
  kind: 'object.double-gzip',
  summary: 'compresses the file twice',
  owes: 'owed',
  mayBeRefused: true,
  open: () => ({ strike: (file) => ({ ...file, pack: (text) => gzipSync(file.pack(text), { level: 1 }) }) }),
});
