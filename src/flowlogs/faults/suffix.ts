// Another suffix than the bytes would have: gzip without .gz, text or gzip under .txt. The first bytes say what a file is.

import { Type } from 'typebox';

import { objectFault } from './kind.ts';

export const suffixFault = objectFault<{ readonly to?: string }>({
  kind: 'object.suffix',
  summary: 'gives the object another suffix, and leaves its bytes as they are',
  owes: 'owed',
  parameters: {
    to: Type.String({
      pattern: String.raw`^(\.[A-Za-z0-9]+)*$`,
      description: 'In place of .log.gz or .log.parquet. Default: .log, so a gzip without .gz.',
      examples: ['.log', '.txt', '.log.parquet.gz'],
    }),
  },
  open: ({ to = '.log' }) => ({
    strike: (file) => ({ ...file, key: file.key.replace(/(\.log)?(\.gz|\.parquet)?$/, to) }),
  }),
});
