// The connection is reset in the middle of a body, as by a host that fails.

import { atSchema, onBody, storeFault, type BodyBreak } from './kind.ts';

export const resetFault = storeFault<Pick<BodyBreak, 'atBytes'>>({
  kind: 'store.reset',
  summary: 'resets the connection in the middle of a body',
  description: 'The connection is reset in the middle of a body.',
  keys: { at: atSchema },
  open: ({ atBytes }) => onBody({ break: { how: 'reset', ...(atBytes === undefined ? {} : { atBytes }) } }),
});
