// The connection is closed in good order before the body is whole: who does not compare with Content-Length takes what came for all
// (aws/aws-sdk-js issue 257).

import { atSchema, onBody, storeFault, type BodyBreak } from './kind.ts';

export const shortFault = storeFault<Pick<BodyBreak, 'atBytes'>>({
  kind: 'store.short',
  summary: 'closes the connection in good order before the body is whole',
  description: 'The body ends before its Content-Length.',
  keys: { at: atSchema },
  open: ({ atBytes }) => onBody({ break: { how: 'end', ...(atBytes === undefined ? {} : { atBytes }) } }),
});
