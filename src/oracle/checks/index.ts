// The list of checks: to add one, write its file and put it here.

import { atLeastOnce } from './at-least-once.ts';
import { badObjectsReported } from './bad-objects-reported.ts';
import { certificatesVerified } from './certificates-verified.ts';
import type { Check } from './check.ts';
import { connections } from './connections.ts';
import { emptyObjectsAccepted } from './empty-objects-accepted.ts';
import { exactlyOnce } from './exactly-once.ts';
import { fieldsIntact } from './fields-intact.ts';
import { headerNotSent } from './header-not-sent.ts';
import { latency } from './latency.ts';
import { noEgress } from './no-egress.ts';
import { noLoss } from './no-loss.ts';
import { noTimeouts } from './no-timeouts.ts';
import { onceUnlessProvoked } from './once-unless-provoked.ts';
import { retryAfterHonoured } from './retry-after-honoured.ts';
import { otherEventsAccepted } from './other-events-accepted.ts';
import { throughput } from './throughput.ts';
import { truthfulAcknowledgement } from './truthful-acknowledgement.ts';
import { visibleInSignoz } from './visible-in-signoz.ts';

export type { Check } from './check.ts';

export const checks: readonly Check[] = [
  exactlyOnce,
  onceUnlessProvoked,
  atLeastOnce,
  noLoss,
  headerNotSent,
  fieldsIntact,
  truthfulAcknowledgement,
  visibleInSignoz,
  retryAfterHonoured,
  noTimeouts,
  connections,
  latency,
  throughput,
  badObjectsReported,
  emptyObjectsAccepted,
  otherEventsAccepted,
  noEgress,
  certificatesVerified,
];
