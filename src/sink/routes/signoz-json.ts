// SigNoz's JSON receiver: looks at no content type, answers every method but POST with an empty 200, and words errors as plain
// text (SigNoz/signoz-otel-collector, receiver/httplogreceiver/httplogreceiver.go, handleLogs).

import { plainError } from '../answer.ts';
import type { Route } from './route.ts';

export const signozJsonRoute: Route = {
  early: (request) => (request.method === 'POST' ? undefined : { statusCode: 200, headers: {}, body: '' }),
  format: () => 'signoz-json',
  accept: (_request, statusCode) => ({ statusCode, headers: {}, body: '' }),
  refuse: (_request, error) => plainError(error.statusCode, error.message),
  echo(request) {
    const verify = request.headers.get('x-vercel-verify');
    return verify ? { 'x-vercel-verify': verify } : undefined;
  },
};
