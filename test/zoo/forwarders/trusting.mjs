// Right while all is well: comes again whatever Retry-After says, waits without a limit, and believes any 200, also one that a
// redirect led to.
import { newHandler } from './pipeline.mjs';

export const handler = newHandler();
