// Requests from browsers. SigNoz Cloud allows them "on all endpoints" (signoz.io/docs, ingestion/signoz-cloud/overview); the form is that of
// rs/cors, which the collector uses (config/confighttp/server.go).

import type { Answer } from '../answer.ts';
import type { RequestHead } from '../request.ts';

/** The answer to a browser that asks first; it sends no key. */
export function preflight(head: RequestHead): Answer | undefined {
  const method = head.headers.get('access-control-request-method');
  if (head.method !== 'OPTIONS' || !head.headers.get('origin') || !method) return undefined;
  const asked = head.headers.get('access-control-request-headers');
  const headers = {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': method,
    ...(asked ? { 'access-control-allow-headers': asked } : {}),
    vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  };
  return { statusCode: 204, headers, body: '' };
}

/** The answer as a page of another origin may read it. */
export function allowingOrigin(head: RequestHead, answer: Answer): Answer {
  if (!head.headers.get('origin') || answer.headers['access-control-allow-origin'] !== undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'access-control-allow-origin': '*', vary: 'Origin' } };
}
