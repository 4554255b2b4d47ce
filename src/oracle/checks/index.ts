// The list of checks: to add one, write its file and put it here.

import { atLeastOnce } from './at-least-once.ts';
import { badObjectsReported } from './bad-objects-reported.ts';
import { certificatesVerified } from './certificates-verified.ts';
import type { Check } from './check.ts';
import { connections } from './connections.ts';
import { deadLettered } from './dead-lettered.ts';
import { duplicates } from './duplicates.ts';
import { emptyObjectsAccepted } from './empty-objects-accepted.ts';
import { exactlyOnce } from './exactly-once.ts';
import { fieldsIntact } from './fields-intact.ts';
import { headerNotSent } from './header-not-sent.ts';
import { isolation } from './isolation.ts';
import { junkFree } from './junk-free.ts';
import { latency } from './latency.ts';
import { logBytes } from './log-bytes.ts';
import { memory } from './memory.ts';
import { noEgress } from './no-egress.ts';
import { noLoss } from './no-loss.ts';
import { noTimeouts } from './no-timeouts.ts';
import { nodataDropped } from './nodata-dropped.ts';
import { nodataForwarded } from './nodata-forwarded.ts';
import { onceUnlessProvoked } from './once-unless-provoked.ts';
import { otherEventsAccepted } from './other-events-accepted.ts';
import { requestsPerObject } from './requests-per-object.ts';
import { retriesBounded } from './retries-bounded.ts';
import { retryAfterHonoured } from './retry-after-honoured.ts';
import { skipdataDropped } from './skipdata-dropped.ts';
import { skipdataForwarded } from './skipdata-forwarded.ts';
import { throughputPerCpuS } from './throughput-per-cpu-s.ts';
import { throughput } from './throughput.ts';
import { timestamp } from './timestamp.ts';
import { truthfulAcknowledgement } from './truthful-acknowledgement.ts';
import { typesStable } from './types-stable.ts';
import { visibleInSignoz } from './visible-in-signoz.ts';

export type { Check } from './check.ts';

export const checks: readonly Check[] = [
  exactlyOnce,
  onceUnlessProvoked,
  atLeastOnce,
  noLoss,
  duplicates,
  headerNotSent,
  fieldsIntact,
  typesStable,
  timestamp,
  nodataForwarded,
  nodataDropped,
  skipdataForwarded,
  skipdataDropped,
  junkFree,
  truthfulAcknowledgement,
  visibleInSignoz,
  retryAfterHonoured,
  retriesBounded,
  requestsPerObject,
  connections,
  noTimeouts,
  latency,
  throughput,
  throughputPerCpuS,
  memory,
  logBytes,
  badObjectsReported,
  deadLettered,
  isolation,
  emptyObjectsAccepted,
  otherEventsAccepted,
  noEgress,
  certificatesVerified,
];
