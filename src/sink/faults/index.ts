// The list of the sink's faults: a new one is one file and one line here.

import { delayFault } from './delay.ts';
import type { SinkFaultKind } from './kind.ts';
import { resetFault } from './reset.ts';
import { slowReadFault } from './slow-read.ts';
import { statusFault } from './status.ts';

export const sinkFaults: readonly SinkFaultKind[] = [statusFault, delayFault, resetFault, slowReadFault];
