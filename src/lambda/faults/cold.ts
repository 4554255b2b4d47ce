// The event meets a new sandbox although a warm one is there: Lambda retires sandboxes as it likes (Lambda guide, "Understanding the
// Lambda execution environment lifecycle").

import { Type } from 'typebox';

import { lambdaFault, selectionSchemas } from './kind.ts';

export const coldFault = lambdaFault<object>({
  kind: 'lambda.cold',
  summary: 'gives an event a new sandbox, although a warm one is there',
  config: Type.Object(
    { kind: Type.Literal('lambda.cold'), ...selectionSchemas },
    { additionalProperties: false, description: 'An event meets a cold start.' },
  ),
  effect: () => ({ cold: true }),
});
