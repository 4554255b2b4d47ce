// Looks at missing records only.

import { plainCheck } from './check.ts';
import { lostRecords } from './records.ts';

export const noLoss = plainCheck('no-loss', 'no owed record is missing', (evidence) =>
  lostRecords(evidence, 'no-loss'),
);
