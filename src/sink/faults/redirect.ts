// The sink redirects. Clients that follow turn a POST into a GET at 301, 302 and 303 (RFC 9110, section 15.4), which SigNoz's JSON
// receiver answers with an empty 200 and forgets (SigNoz/signoz-otel-collector, receiver/httplogreceiver, handleLogs).

import { Type } from 'typebox';

import { faultSchema, oneWord, selectionSchemas, sinkFault } from './kind.ts';

interface RedirectConfig {
  readonly code?: number;
  readonly location?: string;
}

export const redirectFault = sinkFault<RedirectConfig>({
  kind: 'sink.redirect',
  summary: 'redirects the request; nothing is kept of it',
  config: faultSchema('sink.redirect', 'The sink redirects.', {
    code: oneWord('The status; 301 by default.', [301, 302, 303, 307, 308]),
    location: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Where to; by default the path that was asked for.',
        examples: ['/logs/json'],
      }),
    ),
    ...selectionSchemas,
  }),
  open: ({ code = 301, location }) => ({
    strike: ({ path }) => ({ answer: { statusCode: code, headers: { location: location ?? path }, body: '' } }),
  }),
});
