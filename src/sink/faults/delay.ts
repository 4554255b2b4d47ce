// The sink holds its answer back. It has kept the request at its last byte, so a client that gives up first has lost a reply,
// not a request: whoever sends again then makes a duplicate.

import { Type } from 'typebox';

import { quantity } from '../../core/quantity.ts';
import { always, selectionSchemas, sinkFault } from './kind.ts';

export const delayFault = sinkFault<{ readonly durationMs: number }>({
  kind: 'sink.delay',
  summary: 'holds the answer back, the request being kept; a client that gave up before has lost the reply',
  config: Type.Object(
    {
      kind: Type.Literal('sink.delay'),
      duration: quantity('duration', 'How long the answer is held back.'),
      ...selectionSchemas,
    },
    { additionalProperties: false, description: 'The sink holds its answer back.' },
  ),
  open: ({ durationMs }) => always({ holdMs: durationMs }),
});
