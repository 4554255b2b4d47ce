// The sink answers with a status of its own instead of the edition's. A refusal keeps nothing; a status below 300 keeps the
// request, so that a forwarder that misreads it can be caught sending twice.

import { Type } from 'typebox';

import { quantity } from '../../core/quantity.ts';
import { always, selectionSchemas, sinkFault } from './kind.ts';

interface StatusConfig {
  readonly code: number;
  readonly retryAfterMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export const statusFault = sinkFault<StatusConfig>({
  kind: 'sink.status',
  summary: 'answers with a status of your choice; one of 300 or more keeps nothing of the request',
  config: Type.Object(
    {
      kind: Type.Literal('sink.status'),
      code: Type.Integer({
        minimum: 200,
        maximum: 599,
        description: 'The status to answer with.',
        examples: [429, 503],
      }),
      retryAfter: Type.Optional(
        quantity('duration', 'Answers with a Retry-After header, in whole seconds, rounded up.'),
      ),
      headers: Type.Optional(
        Type.Record(Type.String(), Type.String(), {
          description: 'More headers of the answer.',
          examples: [{ 'x-request-id': '42' }],
        }),
      ),
      body: Type.Optional(
        Type.String({
          description: 'The body of the answer; the receiver words one by default.',
          examples: ['slow down'],
        }),
      ),
      ...selectionSchemas,
    },
    { additionalProperties: false, description: 'The sink answers with this status.' },
  ),
  open: ({ code, retryAfterMs, headers, body }) =>
    always({
      answer: {
        statusCode: code,
        headers: {
          ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
      },
    }),
});
