// The sink takes no more than so many connections at once: requests on those beyond it are refused with 503, as nginx does
// (nginx.org, ngx_http_limit_conn_module). This one looks at what is open at the time, so it is no matter of seed and content.

import { Type } from 'typebox';

import { armedSchemas, faultSchema, sinkFault } from './kind.ts';

export const maxConnectionsFault = sinkFault<{ readonly limit: number }>({
  kind: 'sink.max-connections',
  summary: 'refuses requests with 503 on connections beyond a limit of open ones',
  config: faultSchema('sink.max-connections', 'The sink takes no more connections at once.', {
    limit: Type.Integer({ minimum: 1, description: 'The most connections at once.', examples: [16] }),
    ...armedSchemas,
  }),
  open: ({ limit }) => ({
    strike: (request) => ((request.connectionRank() ?? 0) > limit ? { answer: { statusCode: 503 } } : undefined),
  }),
});
