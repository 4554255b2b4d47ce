// As once-unless-provoked, but any number of copies is forgiven.

import { plainCheck } from './check.ts';
import { alteredUnlessJudged, deadLetteredRecords, lostRecords, unexpectedRecords } from './records.ts';

const name = 'at-least-once';

export const atLeastOnce = plainCheck(name, 'every owed record arrives intact; copies are forgiven', (evidence) => [
  ...lostRecords(evidence, name),
  ...deadLetteredRecords(evidence, name, true),
  ...alteredUnlessJudged(evidence, name),
  ...unexpectedRecords(evidence, name),
]);
