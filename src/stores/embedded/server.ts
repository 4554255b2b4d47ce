// The HTTP side: Fastify accepts the connections; the request is read raw, because S3's keys survive no router, and the body
// stays a stream.

import type { IncomingMessage, ServerResponse } from 'node:http';

import { fastify, type FastifyInstance } from 'fastify';

import { FlowrigError } from '../../core/errors.ts';
import type { StoreRequest } from '../../core/model/trigger.ts';
import type { Answer, S3 } from './action.ts';
import { actions } from './actions/index.ts';
import { readCall, type Call } from './call.ts';
import type { Disturbance } from './disturbed-body.ts';
import { S3Error } from './errors.ts';
import { disturbanceOf, meetFaults } from './faulted.ts';
import { trackOpenRequests, type OpenRequest } from './open-requests.ts';
import { ClientGone } from './payload.ts';
import type { RequestIds } from './request-ids.ts';
import { errorAnswer, sendAnswer } from './send.ts';
import type { ChunkSignatures } from './signing/chunk-signatures.ts';
import { verifyRequest } from './signing/verify.ts';

/** A key of 1,024 bytes, percent-encoded, and 2 KB of user metadata must fit, beside what proxies and tracers add. */
const maxHeaderBytes = 64 * 1024;

export interface S3Server {
  readonly port: number;
  openRequests(): number;
  /** Closes connections without a request if a jump by so much passes their limit. */
  closeIdleConnections(jumpMs: number): void;
  /** Breaks open connections and waits until every request has cleaned up after itself. */
  close(): Promise<void>;
}

export interface S3ServerOptions {
  readonly s3: S3;
  readonly nextIds: () => RequestIds;
  readonly host: string;
  readonly port: number;
  readonly onRequest?: (request: StoreRequest) => void;
}

export async function listenS3({ s3, nextIds, host, port, onRequest }: S3ServerOptions): Promise<S3Server> {
  const openRequests = trackOpenRequests(s3.clock);
  const running = new Set<Promise<void>>();
  const app = openApp();
  // Taken over before Fastify looks at Content-Type, which S3 stores whatever it says, or at the body, which stays a stream.
  app.addHook('onRequest', (request, reply) => {
    reply.hijack();
    const open = openRequests.begin();
    reply.raw.once('close', () => open.end());
    const exchange = { request: request.raw, response: reply.raw, s3, ids: nextIds(), open };
    const serving = serve(onRequest ? { ...exchange, onRequest } : exchange);
    running.add(serving);
    void serving.finally(() => running.delete(serving));
  });
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw new FlowrigError(
      'port-taken',
      `The embedded S3 could not listen on ${host}:${port}. Choose another port, or 0 for any free one.`,
      { cause },
    );
  }
  const address = app.server.address() as { port: number };
  return {
    port: address.port,
    openRequests: () => openRequests.count(),
    closeIdleConnections(jumpMs) {
      if (jumpMs >= app.server.keepAliveTimeout) app.server.closeIdleConnections();
    },
    async close() {
      await app.close();
      await Promise.allSettled(running);
    },
  };
}

function openApp(): FastifyInstance {
  const app = fastify({
    // No time limit on a request: a frozen client goes on where it stopped.
    requestTimeout: 0,
    http: { maxHeaderSize: maxHeaderBytes, headersTimeout: 0 },
    exposeHeadRoutes: false,
    // Kept-alive connections would hold `close` up for ever.
    forceCloseConnections: true,
    // Routing sees one path, whatever the key; the true target stays in `originalUrl`.
    rewriteUrl: () => '/',
  });
  app.all('/', () => undefined);
  return app;
}

interface Exchange {
  readonly request: IncomingMessage & { originalUrl?: string };
  readonly response: ServerResponse;
  readonly s3: S3;
  readonly ids: RequestIds;
  readonly open: OpenRequest;
  readonly onRequest?: (request: StoreRequest) => void;
}

/** Serves one request to its end; never rejects. */
async function serve(exchange: Exchange): Promise<void> {
  const { request, response, ids, open } = exchange;
  const target = request.originalUrl ?? '/';
  let answer: Answer;
  let call: Call | undefined;
  let refusal: S3Error | undefined;
  let disturbance: Disturbance | undefined;
  try {
    const chunkSignatures = verify(request, target, exchange.s3);
    call = { ...readCall(request, target, { open, ids }), chunkSignatures };
    const decision = await meetFaults(call, exchange.s3, exchange.ids);
    answer = await act(call, exchange.s3);
    if (decision?.headers) answer = { ...answer, headers: { ...answer.headers, ...decision.headers } };
    disturbance = decision && disturbanceOf(decision, exchange.s3.clock);
  } catch (error) {
    if (error instanceof ClientGone) return;
    const resource = target.split('?', 1)[0]!;
    refusal = asS3Error(error);
    answer = errorAnswer(refusal, { ids, resource });
  }
  exchange.onRequest?.(requestOf(call, answer, refusal));
  try {
    await sendAnswer(response, answer, { ids, open, disturbance });
  } catch {
    // A header that Node does not send: nothing was said yet, and nothing can be.
    response.destroy();
  }
}

/** Where signatures are verified, nothing is said of a bucket or a key to who may not know. */
function verify(
  request: IncomingMessage,
  target: string,
  { credentials, region, clock }: S3,
): ChunkSignatures | undefined {
  if (!credentials) return undefined;
  const { method = '', headersDistinct } = request;
  // Several lines of one header are signed as one, with commas alone between them; Node's own `headers` has spaces behind the commas.
  const headers = Object.fromEntries(Object.entries(headersDistinct).map(([name, lines]) => [name, String(lines)]));
  return verifyRequest({ method, target, headers }, { credentials, region, nowMs: clock.machineNowMs() });
}

async function act(call: Call, s3: S3): Promise<Answer> {
  const action = actions.get(call.operation);
  if (action) return await action(call, s3);
  throw new S3Error('NotImplemented', {
    message: `The embedded S3 does not implement ${call.operation}.`,
    details: { Operation: call.operation },
  });
}

function requestOf(call: Call | undefined, { statusCode }: Answer, refusal: S3Error | undefined): StoreRequest {
  const { operation, bucket = '', key = '' } = call ?? {};
  const errorCode = refusal?.code;
  return {
    ...(operation === undefined ? {} : { operation }),
    bucket,
    key,
    statusCode,
    ...(errorCode === undefined ? {} : { errorCode }),
  };
}

/** Our own bug or a full disk: AWS's code, and the cause in the message, where the client's log will show it. */
function asS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  return new S3Error('InternalError', { message: `The embedded S3 failed: ${String(error)}` });
}
