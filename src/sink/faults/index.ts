// The list of the sink's faults: a new one is one file and one line here.

import { blackholeFault } from './blackhole.ts';
import { commitThenFault } from './commit-then.ts';
import { delayFault } from './delay.ts';
import { htmlFault } from './html.ts';
import { idleCloseFault } from './idle-close.ts';
import type { SinkFaultKind } from './kind.ts';
import { maxBodyFault } from './max-body.ts';
import { maxConnectionsFault } from './max-connections.ts';
import { outageFault } from './outage.ts';
import { partialSuccessFault } from './partial-success.ts';
import { poisonFault } from './poison.ts';
import { quotaFault } from './quota.ts';
import { redirectFault } from './redirect.ts';
import { resetFault } from './reset.ts';
import { slowReadFault } from './slow-read.ts';
import { slowWriteFault } from './slow-write.ts';
import { stallFault } from './stall.ts';
import { statusFault } from './status.ts';

export const sinkFaults: readonly SinkFaultKind[] = [
  statusFault,
  delayFault,
  resetFault,
  commitThenFault,
  outageFault,
  quotaFault,
  maxBodyFault,
  poisonFault,
  partialSuccessFault,
  blackholeFault,
  redirectFault,
  htmlFault,
  slowReadFault,
  slowWriteFault,
  stallFault,
  idleCloseFault,
  maxConnectionsFault,
];
