// The connection is reset: in the middle of the body, behind it before anything was kept, or when all was kept and only the
// answer is missing, which is what makes duplicates of honest forwarders.

import { Type } from 'typebox';

import { selectionSchemas, sinkFault } from './kind.ts';

/** Where in the announced body it is reset. */
const midShare = 0.5;

export const resetFault = sinkFault<{ readonly at?: 'before' | 'mid' | 'after-commit' }>({
  kind: 'sink.reset',
  summary: 'resets the connection: in the middle of the body, before anything is kept, or after all was kept',
  config: Type.Object(
    {
      kind: Type.Literal('sink.reset'),
      at: Type.Optional(
        Type.Unsafe<string>({
          enum: ['before', 'mid', 'after-commit'],
          description:
            'before: the body is read, nothing is kept; mid: half of the body is read; after-commit: all is kept, only the answer is lost.',
          examples: ['after-commit'],
        }),
      ),
      ...selectionSchemas,
    },
    { additionalProperties: false, description: 'The sink resets the connection.' },
  ),
  open({ at = 'before' }) {
    const strike = () => ({ resets: true, keeps: at === 'after-commit' });
    return at === 'mid' ? { strike, early: { resetAtShare: midShare } } : { strike };
  },
});
