// What reached the sink, one delivery a line, and its forgetting.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Type } from 'typebox';

import { attributeFilter, type WantedAttribute } from '../attribute-filter.ts';
import { deliveryLine } from '../delivery-line.ts';
import type { DeliveryLog, LogQuery } from '../delivery-log.ts';
import type { AdminRoute, AdminState } from '../route.ts';

/** Pieces of lines are joined to this much before they are written: a record alone would be a chunk of its own. */
const chunkLength = 64 * 1024;

const delivery = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1, description: 'From 1, in the order in which bodies were complete.' }),
    receivedMs: Type.Number({ description: 'When the last byte came, Unix ms.' }),
    acknowledgement: Type.Unsafe<string>({
      enum: ['acknowledged', 'refused', 'reply-lost'],
      description: 'What the client may conclude from its answer; reply-lost where it got none, or a false one.',
    }),
    statusCode: Type.Integer({
      description: 'The status of the answer; 0 where a fault broke the connection instead.',
    }),
    method: Type.String(),
    path: Type.String({ description: 'As sent, without the query.' }),
    headers: Type.Record(Type.String(), Type.String(), {
      description: 'By lower-case name. Keys and tokens are masked but for their last four characters.',
    }),
    sizeBytes: Type.Integer({ minimum: 0, description: 'The body as received.' }),
    resourceLogs: Type.Array(Type.Object({}), {
      description: 'What the receiver handed on, as OTLP JSON; empty where nothing was kept.',
    }),
    endedMs: Type.Number({ description: 'When the answer was sent or its reply lost, Unix ms.' }),
    kept: Type.Boolean({ description: 'Whether the records were kept.' }),
    recordCount: Type.Integer({ minimum: 0, description: 'Records in the body; 0 where it could not be decoded.' }),
    rejectedCount: Type.Optional(
      Type.Integer({ description: 'So many at its end were rejected by a partial success.' }),
    ),
    tooOld: Type.Optional(
      Type.Array(Type.Array(Type.Integer()), {
        description: 'Records that SigNoz would drop for their age: the first, and one past the last, of each range.',
      }),
    ),
    fault: Type.Optional(Type.String({ description: 'The kind of the fault that answered.' })),
    falsified: Type.Optional(Type.Boolean({ description: 'A fault answered other than what happened.' })),
    certificateProblem: Type.Optional(
      Type.String({ description: 'What was wrong with the certificate that its client accepted.' }),
    ),
    ambiguous: Type.Optional(Type.Boolean({ description: 'The real receiver has several outcomes for this.' })),
    decodeError: Type.Optional(Type.String({ description: 'Why the body could not be decoded.' })),
    archiveError: Type.Optional(Type.String({ description: 'Why what was kept cannot be shown again.' })),
  },
  { description: 'One request that was answered, or whose reply was lost.' },
);

const query = Type.Object(
  {
    since: Type.Optional(Type.Integer({ minimum: 0, description: 'Only deliveries behind this sequence.' })),
    follow: Type.Optional(
      Type.Unsafe<string>({ enum: ['0', '1'], description: '1 stays open and goes on with each delivery as it ends.' }),
    ),
  },
  {
    additionalProperties: Type.Union([Type.String(), Type.Array(Type.String())], {
      description:
        'Any other name is that of an attribute, of resource, scope or record: only deliveries in which one record has all that are given, with these values as text.',
    }),
  },
);

type Query = { readonly since?: number; readonly follow?: string } & Readonly<Record<string, string | string[]>>;

export function deliveryRoutes({ sink, log }: AdminState): AdminRoute[] {
  return [
    {
      method: 'GET',
      path: '/deliveries',
      summary: 'Every delivery that had ended before, one JSON object a line, in the order of their sequence.',
      query,
      answers: {
        200: { description: 'One delivery a line.', content: { type: 'application/x-ndjson', schema: delivery } },
      },
      async serve(request, reply) {
        const { since = 0, follow = '0', ...attributes } = request.query as Query;
        reply.hijack();
        const gone = new AbortController();
        reply.raw.once('close', () => gone.abort());
        reply.raw.writeHead(200, { 'content-type': 'application/x-ndjson' });
        // A follower sees that it is connected before there is anything to tell.
        reply.raw.flushHeaders();
        const lines = linesOf(log, { since, follows: follow === '1', gone: gone.signal }, wantedOf(attributes));
        await pipeline(Readable.from(lines, { objectMode: false, highWaterMark: chunkLength }), reply.raw).catch(
          (error: unknown) => {
            if (!gone.signal.aborted) throw error;
          },
        );
      },
    },
    {
      method: 'DELETE',
      path: '/deliveries',
      summary: 'Forgets every delivery that has ended, on the disk too; their sequence goes on.',
      answers: { 204: { description: 'Forgotten.' } },
      serve(_request, reply) {
        sink.forget();
        log.forget();
        return reply.code(204).send();
      },
    },
  ];
}

function wantedOf(attributes: Readonly<Record<string, unknown>>): WantedAttribute[] {
  return Object.entries(attributes).flatMap(([name, values]) =>
    [values].flat().map((value): WantedAttribute => [name, String(value)]),
  );
}

async function* linesOf(log: DeliveryLog, how: LogQuery, wanted: readonly WantedAttribute[]): AsyncGenerator<Buffer> {
  const fits = attributeFilter(wanted);
  for await (const found of log.read(how)) {
    if (!fits(found)) continue;
    let chunk = '';
    for (const piece of deliveryLine(found)) {
      chunk += piece;
      if (chunk.length < chunkLength) continue;
      yield Buffer.from(chunk);
      chunk = '';
    }
    yield Buffer.from(chunk);
  }
}
