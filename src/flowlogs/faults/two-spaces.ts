// Two spaces or a tab between values, where AWS writes one space. One of AWS's own examples has two (Amazon VPC User Guide, "Flow log
// record examples", TCP flag sequence), so files that people copy around do.

import { objectFault } from './kind.ts';
import { changeRecords, everySchema, type EveryConfig } from './lines.ts';

export const twoSpacesFault = objectFault<EveryConfig>({
  kind: 'object.two-spaces',
  summary: 'puts two spaces, or a tab, between two values of some records',
  owes: 'owed',
  parameters: everySchema,
  open: ({ every = 10 }) => ({
    strike: (file, { random, place }) =>
      changeRecords(file, every, (values, turn) => {
        if (values.length < 2) return values;
        const at = 1 + random.below(values.length - 1, place, turn);
        const between = turn % 3 === 2 ? '\t' : '  ';
        const pair = `${values[at - 1]}${between}${values[at]}`;
        return [...values.slice(0, at - 1), pair, ...values.slice(at + 1)];
      }),
  }),
});
