// The sink takes a body slowly, so that an upload stalls: a client whose time limit covers only the answer waits for ever.

import { Type } from 'typebox';

import { quantity } from '../../core/quantity.ts';
import { selectionSchemas, sinkFault } from './kind.ts';

export const slowReadFault = sinkFault<{ readonly perSecondBytes: number }>({
  kind: 'sink.slow-read',
  summary: 'reads the body slowly, so that the upload stalls',
  config: Type.Object(
    {
      kind: Type.Literal('sink.slow-read'),
      perSecond: quantity('size', 'Bytes read a second.', { examples: ['16KiB'], positive: true }),
      ...selectionSchemas,
    },
    { additionalProperties: false, description: 'The sink reads the body slowly.' },
  ),
  open: ({ perSecondBytes }) => ({
    // Of a body that could not be named before it was whole, the time is waited behind it.
    strike: ({ sizeBytes }) => ({ holdMs: (sizeBytes / perSecondBytes) * 1000 }),
    early: { readBytesPerS: perSecondBytes },
  }),
});
