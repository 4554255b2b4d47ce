// The list of faults of events, in the order in which they work: what changes an event comes before what sends it again or late.

import { consoleTestFault } from './console-test.ts';
import { delayFault } from './delay.ts';
import { duplicateFault } from './duplicate.ts';
import type { EventFaultKind } from './kind.ts';
import { outdatedFault } from './outdated.ts';
import { severalFault } from './several.ts';
import { shuffleFault } from './shuffle.ts';
import { subscriptionConfirmationFault } from './subscription-confirmation.ts';
import { testFault } from './test.ts';
import { typeFault } from './type.ts';
import { versionFault } from './version.ts';

export type { EventFaultConfig } from './kind.ts';

export const eventFaults: readonly EventFaultKind[] = [
  severalFault,
  versionFault,
  shuffleFault,
  typeFault,
  outdatedFault,
  testFault,
  consoleTestFault,
  subscriptionConfirmationFault,
  duplicateFault,
  delayFault,
];
