// The sink is down for minutes or hours: every request fails until it is over.

import { quantity } from '../../core/quantity.ts';
import { always, armedSchemas, faultSchema, oneWord, sinkFault } from './kind.ts';

export const outageFault = sinkFault<{ readonly as?: 503 | 'reset' }>({
  kind: 'sink.outage',
  summary: 'is down for some time: every request gets a 503 or a reset connection',
  config: faultSchema('sink.outage', 'The sink is down.', {
    as: oneWord('What clients see of it; 503 by default.', [503, 'reset']),
    ...armedSchemas,
    for: quantity('duration', 'How long it lasts.', { examples: ['6h'] }),
  }),
  open: ({ as = 503 }) => always(as === 'reset' ? { resets: true, keeps: false } : { answer: { statusCode: as } }),
});
