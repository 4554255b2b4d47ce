// The sink answers with a status of its own instead of the edition's. A refusal keeps nothing; a status below 300 keeps the
// request, so that a forwarder that misreads it can be caught sending twice.

import { Type } from 'typebox';

import type { Clock } from '../../core/clock.ts';
import { quantity } from '../../core/quantity.ts';
import { formatHttpDate } from '../../core/units.ts';
import { oneWord, selectionSchemas, sinkFault } from './kind.ts';

interface StatusConfig {
  readonly code: number;
  readonly retryAfterMs?: number;
  readonly retryAfterAs?: 'seconds' | 'date';
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
      retryAfterAs: oneWord('How Retry-After says it: in seconds (the default), or as a date of HTTP.', [
        'seconds',
        'date',
      ]),
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
  open: ({ code, retryAfterMs, retryAfterAs = 'seconds', headers, body }, { clock }) => ({
    strike() {
      const hint = retryAfterMs === undefined ? {} : { 'retry-after': retryAfter(retryAfterMs, retryAfterAs, clock) };
      const answer = { statusCode: code, headers: { ...hint, ...headers }, ...(body === undefined ? {} : { body }) };
      return { answer };
    },
  }),
});

/** A date is to the second, too, and by the machine's clock, which is the target's. */
function retryAfter(waitMs: number, as: 'seconds' | 'date', clock: Clock): string {
  if (as === 'seconds') return String(Math.ceil(waitMs / 1000));
  return formatHttpDate(Math.ceil((clock.machineNowMs() + waitMs) / 1000) * 1000);
}
