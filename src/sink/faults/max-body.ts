// The sink refuses bodies over a limit of your own, in the words in which the edition refuses bodies over its limit: 413 in SigNoz
// Cloud, 400 by the collector that people host themselves.

import { quantity } from '../../core/quantity.ts';
import { faultSchema, oneWord, selectionSchemas, sinkFault } from './kind.ts';

interface MaxBodyConfig {
  readonly limitBytes: number;
  readonly of?: 'wire' | 'decoded';
}

export const maxBodyFault = sinkFault<MaxBodyConfig>({
  kind: 'sink.max-body',
  summary: 'refuses bodies over a limit as the edition does: with 413 in cloud, with 400 in selfhost',
  config: faultSchema('sink.max-body', 'The sink refuses larger bodies.', {
    limit: quantity('size', 'The largest body that is taken.', { examples: ['1MiB'], positive: true }),
    of: oneWord('What the limit is of: the body as sent (the default), or what it decodes to.', ['wire', 'decoded']),
    ...selectionSchemas,
  }),
  open: ({ limitBytes, of = 'wire' }) => ({
    strike(request) {
      const actualBytes = of === 'wire' ? request.sizeBytes : request.decodedBytes;
      return actualBytes > limitBytes ? { answer: request.tooLarge() } : undefined;
    },
  }),
});
