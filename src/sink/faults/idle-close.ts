// The sink closes a kept-alive connection that was idle for so long, without a word. A client that sends on it at that moment gets
// a reset for a request that was never looked at, and must send again.

import { quantity } from '../../core/quantity.ts';
import { always, faultSchema, selectionSchemas, sinkFault } from './kind.ts';

export const idleCloseFault = sinkFault<{ readonly afterMs: number }>({
  kind: 'sink.idle-close',
  summary: 'closes a kept-alive connection without a word when it was idle for so long',
  config: faultSchema('sink.idle-close', 'The sink closes idle connections.', {
    after: quantity('duration', 'How long it waits for another request behind an answer.', { examples: ['5s'] }),
    ...selectionSchemas,
  }),
  open: ({ afterMs }) => always({ closeIdleMs: afterMs }),
});
