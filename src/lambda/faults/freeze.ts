// The function stands still before an event: all its sandboxes are frozen, and connections that idle longer than their server allows
// are closed meanwhile (Lambda guide, "Understanding the Lambda execution environment lifecycle").

import { Type } from 'typebox';

import { quantity } from '../../core/quantity.ts';
import { lambdaFault, selectionSchemas } from './kind.ts';

export const freezeFault = lambdaFault<{ readonly durationMs: number }>({
  kind: 'lambda.freeze',
  summary: 'lets all sandboxes lie frozen for a time before an event, so that their connections grow old',
  config: Type.Object(
    {
      kind: Type.Literal('lambda.freeze'),
      duration: quantity('duration', 'How long nothing is invoked.', { examples: ['10m'] }),
      ...selectionSchemas,
    },
    { additionalProperties: false, description: 'The function lies frozen for a time.' },
  ),
  effect: ({ durationMs }) => ({ pauseMs: durationMs }),
});
