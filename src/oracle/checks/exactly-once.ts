// Nothing is lost, changed, strange, dead-lettered or doubled; only a copy after a lost reply is excused: nobody can avoid it.

import { plainCheck } from './check.ts';
import { alteredUnlessJudged, deadLetteredRecords, doubledRecords, lostRecords, unexpectedRecords } from './records.ts';

const name = 'exactly-once';

export const exactlyOnce = plainCheck(
  name,
  'every owed record arrives once; only a lost reply excuses a copy',
  (evidence) => [
    ...lostRecords(evidence, name),
    ...deadLetteredRecords(evidence, name, false),
    ...alteredUnlessJudged(evidence, name),
    ...unexpectedRecords(evidence, name),
    ...doubledRecords(evidence, name, ['afterDuplicateEvent', 'afterFailedInvocation', 'afterAcknowledgement']),
  ],
);
