// The body stops coming and the connection stays: a client whose time limit ends with the headers waits for ever
// (aws/aws-sdk-js-v3 issue 8098).

import { Type } from 'typebox';

import { quantity } from '../../core/quantity.ts';
import { atSchema, onBody, storeFault, type BodyBreak } from './kind.ts';

export const hangFault = storeFault<Pick<BodyBreak, 'atBytes' | 'durationMs'>>({
  kind: 'store.hang',
  summary: 'falls silent in the middle of a body, for a time or until the client is gone',
  description: 'The store falls silent in the middle of a body.',
  keys: {
    at: atSchema,
    duration: Type.Optional(
      quantity('duration', 'How long it is silent; by default until the client is gone.', { examples: ['60s'] }),
    ),
  },
  open: ({ atBytes, durationMs }) =>
    onBody({
      break: {
        how: 'hang',
        ...(atBytes === undefined ? {} : { atBytes }),
        ...(durationMs === undefined ? {} : { durationMs }),
      },
    }),
});
