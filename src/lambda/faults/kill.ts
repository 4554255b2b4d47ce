// The sandbox dies in the middle of an invocation, as when its host fails: no answer, and the event is tried again.

import { Type } from 'typebox';

import { quantity } from '../../core/quantity.ts';
import { lambdaFault, selectionSchemas } from './kind.ts';

export const killFault = lambdaFault<{ readonly afterMs?: number }>({
  kind: 'lambda.kill',
  summary: 'kills the sandbox during an invocation: when it answers, or so long after it began',
  config: Type.Object(
    {
      kind: Type.Literal('lambda.kill'),
      after: Type.Optional(
        quantity(
          'duration',
          'How long after it was given the event; never later than its answer, which is the default.',
          {
            examples: ['500ms'],
          },
        ),
      ),
      ...selectionSchemas,
    },
    { additionalProperties: false, description: 'The sandbox is killed during an invocation.' },
  ),
  effect: ({ afterMs }) => ({ killAfterMs: afterMs ?? Infinity }),
});
