// Two versions under one key: the older one is gone before anyone hears of it, and both events come. S3 promises no order between
// events and later writes, so a reader meets the newer object for either event; its records must not come twice for that.

import { objectFault, type FileDraft } from './kind.ts';
import { cutHeader } from './lines.ts';

export const overwrittenFault = objectFault({
  kind: 'object.overwritten',
  summary:
    'stores an older version, with the first half of the records, which the object overwrites before either event is sent',
  owes: 'optional',
  open: () => ({
    before: (file) => half(file, 'first'),
    strike: (file) => half(file, 'second'),
  }),
});

function half(file: FileDraft, which: 'first' | 'second'): FileDraft {
  const { header, records } = cutHeader(file);
  const middle = records.indexOf(0x0a, Math.floor(records.length / 2)) + 1;
  const part = which === 'first' ? records.subarray(0, middle) : records.subarray(middle);
  return { ...file, text: Buffer.concat([header, part]) };
}
