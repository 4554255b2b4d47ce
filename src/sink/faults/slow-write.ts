// The sink's answer trickles: its head comes at once, its body byte by byte, and its end like one byte more. A client that reads
// answers to their end without a limit of time waits.

import { quantity } from '../../core/quantity.ts';
import { always, faultSchema, selectionSchemas, sinkFault } from './kind.ts';

export const slowWriteFault = sinkFault<{ readonly perSecondBytes: number }>({
  kind: 'sink.slow-write',
  summary: "sends the answer's body slowly, byte by byte",
  config: faultSchema('sink.slow-write', 'The sink writes its answer slowly.', {
    perSecond: quantity('size', "Bytes of the answer's body sent a second.", { examples: ['1B'], positive: true }),
    ...selectionSchemas,
  }),
  open: ({ perSecondBytes }) => always({ writeBytesPerS: perSecondBytes }),
});
