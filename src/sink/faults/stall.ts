// The sink sends the head of its answer and falls silent: a client whose time limit ends with the first byte of an answer waits for
// the rest without any.

import { quantity } from '../../core/quantity.ts';
import { always, faultSchema, selectionSchemas, sinkFault } from './kind.ts';

export const stallFault = sinkFault<{ readonly durationMs: number }>({
  kind: 'sink.stall',
  summary: "sends the answer's head at once and holds its body back",
  config: faultSchema('sink.stall', 'The sink falls silent in the middle of its answer.', {
    duration: quantity('duration', 'How long the body is held back.', { examples: ['60s'] }),
    ...selectionSchemas,
  }),
  open: ({ durationMs }) => always({ stallMs: durationMs }),
});
