// Rows with fewer or more values than the header has names: an upload that was cut, or a writer that did not know the format.

import { objectFault } from './kind.ts';
import { changeRecords, everySchema, type EveryConfig } from './lines.ts';

export const rowLengthFault = objectFault<EveryConfig>({
  kind: 'object.row-length',
  summary: 'takes the last value from some records, and gives others one more than the header has names',
  owes: 'owed',
  parameters: everySchema,
  open: ({ every = 10 }) => ({
    strike: (file) =>
      changeRecords(file, every, (values, turn) =>
        turn % 2 === 0 && values.length > 1 ? values.slice(0, -1) : [...values, 'surplus'],
      ),
  }),
});
