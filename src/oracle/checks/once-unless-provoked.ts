// As exactly-once, but a duplicate event or a failed invocation excuses copies, and a fault excuses the dead letters of the
// objects that it touched.

import { plainCheck } from './check.ts';
import { alteredUnlessJudged, deadLetteredRecords, doubledRecords, lostRecords, unexpectedRecords } from './records.ts';

const name = 'once-unless-provoked';

export const onceUnlessProvoked = plainCheck(
  name,
  'every owed record arrives once; lost replies, duplicate events and failed invocations excuse copies',
  (evidence) => [
    ...lostRecords(evidence, name),
    ...deadLetteredRecords(evidence, name, true),
    ...alteredUnlessJudged(evidence, name),
    ...unexpectedRecords(evidence, name),
    ...doubledRecords(evidence, name, ['afterAcknowledgement']),
  ],
);
