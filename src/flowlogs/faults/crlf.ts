// Lines that end in CR LF, as files have that went through Windows: the CR belongs to no value.

import { objectFault } from './kind.ts';

export const crlfFault = objectFault({
  kind: 'object.crlf',
  summary: 'ends every line with CR LF',
  owes: 'owed',
  open: () => ({
    strike: (file) => ({
      ...file,
      text: Buffer.from(file.text.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
    }),
  }),
});
