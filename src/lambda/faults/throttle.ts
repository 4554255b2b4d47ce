// Lambda has no concurrency left for the function: 429, and the event goes back (Lambda guide, "How Lambda handles errors and retries
// with asynchronous invocation"; of a queue, the message is received again when its visibility timeout is over).

import { Type } from 'typebox';

import { lambdaFault, selectionSchemas } from './kind.ts';

export const throttleFault = lambdaFault<object>({
  kind: 'lambda.throttle',
  summary: 'refuses to start an invocation (429): the event comes again, after 1 s at first and 5 min at last',
  config: Type.Object(
    { kind: Type.Literal('lambda.throttle'), ...selectionSchemas },
    { additionalProperties: false, description: 'Lambda throttles the function.' },
  ),
  effect: () => ({ throttles: true }),
});
