// Firehose's HTTP endpoint for CloudWatch logs (SigNoz/signoz-otel-collector, receiver/signozawsfirehosereceiver/receiver.go): every answer is
// JSON with the request's id and the time, whatever the method or type.

import type { Answer } from '../answer.ts';
import { requestIdHeader } from '../decode/firehose.ts';
import type { RequestHead } from '../request.ts';
import type { Route } from './route.ts';

/** `nowMs` is told in each answer, in Unix ms. */
export function firehoseRoute(nowMs: () => number): Route {
  const answer = (head: RequestHead, statusCode: number, errorMessage?: string): Answer => ({
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      requestId: requestIdOf(head),
      timestamp: Math.floor(nowMs()),
      ...(errorMessage === undefined ? {} : { errorMessage }),
    }),
  });
  return {
    early: (head) => (requestIdOf(head) === '' ? answer(head, 400, 'missing request id in header') : undefined),
    format: () => 'firehose',
    accept: (request, statusCode) => answer(request, statusCode),
    refuse: (head, error) => answer(head, error.statusCode, error.message),
  };
}

function requestIdOf({ headers }: RequestHead): string {
  return headers.get(requestIdHeader) ?? '';
}
