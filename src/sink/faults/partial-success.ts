// OTLP's partial success: a 200 whose body says that some records were rejected. They are gone, and sending again would double the
// others (opentelemetry-proto, docs/specification.md, "Partial Success"). The collector never sends one; other receivers do.

import { Type } from 'typebox';

import { faultSchema, selectionSchemas, sinkFault } from './kind.ts';

interface PartialSuccessConfig {
  readonly rejected: number;
  readonly message?: string;
}

export const partialSuccessFault = sinkFault<PartialSuccessConfig>({
  kind: 'sink.partial-success',
  summary: 'takes an OTLP request but for its last records, and says so in the answer; /logs/json has no words for it',
  config: faultSchema('sink.partial-success', "The sink rejects an OTLP request's last records.", {
    rejected: Type.Integer({ minimum: 1, description: 'How many records are rejected.', examples: [7] }),
    message: Type.Optional(
      Type.String({ description: 'The reason that the answer gives.', examples: ['timestamp is too old'] }),
    ),
    ...selectionSchemas,
  }),
  open: ({ rejected, message = 'some records were rejected' }) => ({
    strike: ({ format, decoded }) =>
      format === 'signoz-json' || decoded.recordCount === 0
        ? undefined
        : { partial: { rejectedCount: rejected, message } },
  }),
});
