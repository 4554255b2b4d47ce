// The list of faults of invocations: a new one is one file and one line here.

import { coldFault } from './cold.ts';
import { freezeFault } from './freeze.ts';
import { killFault } from './kill.ts';
import type { LambdaFaultKind } from './kind.ts';
import { throttleFault } from './throttle.ts';

export type { LambdaFaultConfig } from './kind.ts';

export const lambdaFaults: readonly LambdaFaultKind[] = [throttleFault, killFault, freezeFault, coldFault];
