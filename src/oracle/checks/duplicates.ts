// `duplicates < 1%`: surplus copies of any class in parts of the owed records, for forwarders that promise few and not none.

import { formatCount, parseShare } from '../../core/units.ts';
import type { Witness } from '../../core/model/result.ts';
import { convict } from '../explanation/evidence.ts';
import { copyClasses } from '../comparison/timeline.ts';
import { witnessLimit } from '../explanation/witnesses.ts';
import { readLimit, type Check } from './check.ts';
import { copyWords } from './records.ts';

export const duplicates: Check = {
  name: 'duplicates',
  form: 'duplicates < SHARE',
  summary: 'surplus copies, of whatever cause, stay below a share of the owed records: duplicates < 1%',
  read(rest) {
    const limit = readLimit(rest, parseShare);
    if (limit === undefined) return undefined;
    return ({ tally, examples }) => {
      const count = copyClasses.reduce((sum, name) => sum + tally.duplicated[name], 0);
      if (count === 0 || count < limit * tally.expected) return [];
      const causes = copyClasses
        .filter((name) => tally.duplicated[name] > 0)
        .map((name) => `${formatCount(tally.duplicated[name])} ${copyWords[name]}`);
      const share = ((count / Math.max(1, tally.expected)) * 100).toPrecision(3);
      const summary =
        `${formatCount(count)} surplus copies of ${formatCount(tally.expected)} owed records are ${share} %, ` +
        `not below ${limit * 100} %: ${causes.join(', ')}`;
      const witnesses: Witness[] = copyClasses.flatMap((name) =>
        examples.doubled[name].map((witness) => ({ ...witness, note: `came again ${copyWords[name]}` })),
      );
      return [
        convict({
          id: 'too-many-duplicates',
          check: `duplicates ${rest}`,
          summary,
          witnesses: witnesses.slice(0, witnessLimit),
        }),
      ];
    };
  },
};
