// Values outside of what AWS documents: numbers that are none, or too large, and words that nobody expects. One must not cost a file.

import { objectFault } from './kind.ts';
import { changeRecords, everySchema, type EveryConfig } from './lines.ts';

/** In this order; of a file's fields, those that are here take turns. */
const odd: readonly (readonly [field: string, value: string])[] = [
  ['protocol', '255'],
  ['bytes', 'abc'],
  ['packets', '18446744073709551616'],
  ['srcport', '70000'],
  ['action', 'MAYBE'],
  ['dstport', '-1'],
  ['protocol', '999'],
  ['srcaddr', '300.1.2.3'],
  ['bytes', '1.5e3'],
  ['flow-direction', 'sideways'],
  ['tcp-flags', '4096'],
  ['type', 'IPv9'],
];

export const oddValuesFault = objectFault<EveryConfig>({
  kind: 'object.odd-values',
  summary: 'gives some records a value outside of what AWS documents: protocol 255, bytes abc, port 70000',
  owes: 'owed',
  parameters: everySchema,
  open: ({ every = 10 }) => ({
    strike(file) {
      const own = odd.filter(([field]) => file.fields.includes(field));
      if (own.length === 0) return file;
      return changeRecords(file, every, (values, turn) => {
        const [field, value] = own[turn % own.length]!;
        return values.map((before, i) => (i === file.fields.indexOf(field) ? value : before));
      });
    },
  }),
});
