// The list of the store's faults: a new one is one file and one line here.

import { archivedFault } from './archived.ts';
import { chunksFault } from './chunks.ts';
import { deniedFault } from './denied.ts';
import { encodingFault } from './encoding.ts';
import { expiredTokenFault } from './expired-token.ts';
import { hangFault } from './hang.ts';
import { internalErrorFault } from './internal-error.ts';
import type { StoreFaultKind } from './kind.ts';
import { missingFault } from './missing.ts';
import { redirectFault } from './redirect.ts';
import { resetFault } from './reset.ts';
import { shortFault } from './short.ts';
import { slowDownFault } from './slow-down.ts';
import { slowFault } from './slow.ts';
import { swapFault } from './swap.ts';

export type { StoreFaultConfig } from './kind.ts';

export const storeFaults: readonly StoreFaultKind[] = [
  missingFault,
  deniedFault,
  archivedFault,
  expiredTokenFault,
  redirectFault,
  slowDownFault,
  internalErrorFault,
  swapFault,
  encodingFault,
  hangFault,
  resetFault,
  shortFault,
  slowFault,
  chunksFault,
];
