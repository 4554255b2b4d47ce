// Lines with nothing, or only spaces, in them: behind the header, between records and at the end.

import { objectFault } from './kind.ts';
import { changeRecords, everySchema, type EveryConfig } from './lines.ts';

const blanks = ['', ' ', '\t', '  '];

export const blankLinesFault = objectFault<EveryConfig>({
  kind: 'object.blank-lines',
  summary: 'puts blank lines behind the header, between records and at the end',
  owes: 'owed',
  parameters: everySchema,
  open: ({ every = 10 }) => ({
    strike(file) {
      const changed = changeRecords(file, every, (values, turn) => [
        `${blanks[turn % blanks.length]}\n${values.join(' ')}`,
      ]);
      return { ...changed, text: Buffer.concat([changed.text, Buffer.from('\n\n \n')]) };
    },
  }),
});
