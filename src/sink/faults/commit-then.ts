// The sink keeps the request and then answers with an error, as when a gateway loses its next hop's reply: an honest client sends
// again and makes duplicates that nobody can avoid.

import { Type } from 'typebox';

import { always, faultSchema, selectionSchemas, sinkFault } from './kind.ts';

export const commitThenFault = sinkFault<{ readonly code?: number }>({
  kind: 'sink.commit-then',
  summary: 'keeps the request, then answers with an error',
  config: faultSchema('sink.commit-then', 'The sink keeps the request and answers with an error.', {
    code: Type.Optional(
      Type.Integer({ minimum: 400, maximum: 599, description: 'The error; 503 by default.', examples: [503] }),
    ),
    ...selectionSchemas,
  }),
  open: ({ code = 503 }) => always({ answer: { statusCode: code }, keeps: true }),
});
