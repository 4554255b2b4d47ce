// No LF behind the last record: whoever waits for one loses it.

import { objectFault } from './kind.ts';

export const noLastNewlineFault = objectFault({
  kind: 'object.no-last-newline',
  summary: 'leaves out the LF behind the last record',
  owes: 'owed',
  open: () => ({
    strike: (file) => ({
      ...file,
      text: file.text.at(-1) === 0x0a ? file.text.subarray(0, -1) : file.text,
    }),
  }),
});
