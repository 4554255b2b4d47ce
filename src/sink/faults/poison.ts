// A record that the sink cannot take: every request that holds it is refused whole, as SigNoz's receivers refuse a body for one
// bad record (SigNoz/signoz-otel-collector, receiver/httplogreceiver/bodyparser/json.go); without it the rest passes. The record
// is bad whenever and wherever it comes, so a sender must find it, set it aside and send the others.

import { Type } from 'typebox';

import { strikes } from '../../core/fault.ts';
import { quantity } from '../../core/quantity.ts';
import type { BodyFormat } from '../decode/index.ts';
import { armedSchemas, faultSchema, sinkFault } from './kind.ts';

interface PoisonConfig {
  readonly match?: string;
  readonly share?: number;
  readonly fromMs?: number;
  readonly forMs?: number;
}

/** What each receiver says to a record with a trace id of the wrong length or form. */
const words: Readonly<Record<BodyFormat, string>> = {
  'signoz-json': 'trace_id must be a hex string',
  'otlp-json': 'ID.UnmarshalJSONIter: length mismatch',
  'otlp-protobuf': 'unmarshal: invalid TraceID length',
  firehose: 'record format invalid',
};

export const poisonFault = sinkFault<PoisonConfig>({
  kind: 'sink.poison',
  summary: 'refuses with 400 every request that holds a poison record; without it the rest passes',
  config: faultSchema('sink.poison', 'Some records are poison: a request that holds one is refused whole.', {
    match: Type.Optional(
      Type.String({ description: 'Records that fit this condition are poison.', examples: ['dstport = 31337'] }),
    ),
    share: Type.Optional(
      quantity('share', 'The share of records that are poison, decided by seed and content.', {
        examples: [0.001, '0.1%'],
        positive: true,
      }),
    ),
    ...armedSchemas,
  }),
  mistake({ match, share }) {
    if ((match === undefined) !== (share === undefined)) return undefined;
    const which = match === undefined ? 'neither says' : 'both say';
    return `sink.poison: match and share: ${which} which records are poison; exactly one must.`;
  },
  open({ match, share, fromMs = 0, forMs }, needs) {
    const answerTo = (format: BodyFormat) => ({ answer: { statusCode: 400, message: words[format] } });
    const selection = { fromMs, ...(forMs === undefined ? {} : { forMs }) };
    // The desk itself strikes only requests with a record that matches.
    if (match !== undefined || share === undefined) return { selection, strike: ({ format }) => answerTo(format) };
    return {
      selection,
      strike({ format, decoded }) {
        let found = false;
        decoded.visit((view) => {
          const identity = needs.identify(view);
          found = identity !== undefined && strikes({ share }, needs.random, { identity, count: 0, sinceStartMs: 0 });
          return found;
        });
        return found ? answerTo(format) : undefined;
      },
    };
  },
});
