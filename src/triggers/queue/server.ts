// The SQS API over HTTP, in AWS's JSON protocol and in the older query protocol, for whoever polls. Signatures are not checked.

import type { IncomingMessage } from 'node:http';

import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { request as readStore } from 'undici';

import { FlowrigError } from '../../core/errors.ts';
import { accountId, arnOf } from '../arn.ts';
import { actions, type QueueService } from './actions.ts';
import { QueueError } from './errors.ts';
import type { Json } from './input.ts';
import type { Queue } from './queue.ts';
import { readQuery, writeQueryAnswer, writeQueryError } from './query-protocol.ts';

export interface QueueServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`: AWS_ENDPOINT_URL_SQS. */
  readonly endpoint: string;
  urlOf(name: string): string;
}

export interface QueueServerOptions {
  readonly queues: readonly Queue<unknown>[];
  readonly region: string;
  readonly newId: () => string;
  /** Where S3 is: clients that know one endpoint for both, as Vector's aws_s3 source, read objects here too. */
  readonly storeEndpoint?: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
}

/** Ten messages of 1 MiB, escaped. */
const maxBodyBytes = 32 * 1024 ** 2;

const jsonType = 'application/x-amz-json-1.0';

interface Exchange {
  readonly raw: IncomingMessage;
  readonly body: string;
  readonly gone: AbortSignal;
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Rejects with a FlowrigError where the port is taken. */
export async function openQueueServer(options: QueueServerOptions): Promise<QueueServer> {
  const { queues, region, newId, host = '127.0.0.1', port = 0 } = options;
  const service: QueueService = {
    queues: new Map(queues.map((queue) => [queue.options.name, queue])),
    region,
    urlOf: (queue) => urlOf(queue.options.name),
    arnOf: (queue) => arnOf('sqs', region, queue.options.name),
  };
  const closing = new AbortController();
  const app = openApp(async (exchange) => answer(exchange, service, newId()), closing.signal, options.storeEndpoint);
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const message = `The queues could not listen on ${host}:${port}. Choose another port, or 0 for any free one.`;
    throw new FlowrigError('port-taken', message, { cause });
  }
  const endpoint = `http://${host}:${(app.server.address() as { port: number }).port}`;
  function urlOf(name: string): string {
    return `${endpoint}/${accountId}/${name}`;
  }
  return {
    endpoint,
    urlOf,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await app.close();
    },
  };
}

function openApp(
  handle: (exchange: Exchange) => Promise<Answer>,
  closing: AbortSignal,
  storeEndpoint: string | undefined,
): FastifyInstance {
  const app = fastify({
    bodyLimit: maxBodyBytes,
    forceCloseConnections: true,
    // A client that is frozen in mid-request goes on later.
    requestTimeout: 0,
    // Any path may be a queue's; the true one stays in `originalUrl`.
    rewriteUrl: () => '/',
  });
  // Whatever the type says, the body is text.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.all('/', async (request, reply) => {
    if (storeEndpoint !== undefined && isReading(request)) return readFrom(storeEndpoint, request, reply);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const { raw } = request;
    const { statusCode, headers, body } = await handle({
      raw: Object.assign(raw, { url: request.originalUrl }),
      body: typeof request.body === 'string' ? request.body : '',
      gone: AbortSignal.any([gone.signal, closing]),
    });
    return reply.code(statusCode).headers(headers).send(body);
  });
  return app;
}

/** SQS is spoken to by POST, or by a GET that names its action. */
function isReading({ method, originalUrl, headers }: FastifyRequest): boolean {
  const isSqs = headers['x-amz-target'] !== undefined || /[?&]Action=/.test(originalUrl);
  return !isSqs && (method === 'GET' || method === 'HEAD');
}

/** Hands the request and its answer on, errors in the middle of the body too. Signatures count for nothing there either. */
async function readFrom(storeEndpoint: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { connection: _own, ...headers } = request.headers;
  const method = request.method === 'HEAD' ? 'HEAD' : 'GET';
  const answer = await readStore(storeEndpoint + request.originalUrl, { method, headers });
  const { connection: _theirs, 'keep-alive': _idle, 'transfer-encoding': _coding, ...told } = answer.headers;
  return reply.code(answer.statusCode).headers(told).send(answer.body);
}

/** Which protocol a client speaks shows in the header that names the JSON protocol's action. */
async function answer(exchange: Exchange, service: QueueService, requestId: string): Promise<Answer> {
  const { raw, body } = exchange;
  const target = raw.headers['x-amz-target'];
  const [path, search = ''] = raw.url!.split('?', 2) as [string, string?];
  if (typeof target === 'string') {
    const action = target.split('.').at(-1)!;
    const headers = { 'content-type': jsonType, 'x-amzn-requestid': requestId };
    return respond(
      () => act(action, parseJson(body), { service, exchange }),
      (output) => ({ statusCode: 200, headers, body: JSON.stringify(output) }),
      (error) => ({
        statusCode: 400,
        headers: { ...headers, 'x-amzn-query-error': `${error.queryCode};Sender` },
        body: JSON.stringify({ __type: `com.amazonaws.sqs#${error.code}`, message: error.message }),
      }),
    );
  }
  const { action, input } = readQuery(body === '' ? search : body, path);
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
  return respond(
    () => act(action, input, { service, exchange }),
    (output) => ({ statusCode: 200, headers, body: writeQueryAnswer(action, output, requestId) }),
    (error) => ({
      statusCode: 400,
      headers,
      body: writeQueryError({ code: error.queryCode, message: error.message }, requestId),
    }),
  );
}

async function respond(
  work: () => Promise<Json>,
  succeed: (output: Json) => Answer,
  refuse: (error: QueueError) => Answer,
): Promise<Answer> {
  try {
    return succeed(await work());
  } catch (error) {
    if (error instanceof QueueError) return refuse(error);
    throw error;
  }
}

async function act(
  name: string,
  input: Json,
  { service, exchange }: { service: QueueService; exchange: Exchange },
): Promise<Json> {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action) return action(input, service, exchange.gone);
  const message = `The action ${name} is not one of the queue's: ${Object.keys(actions).join(', ')}.`;
  throw new QueueError('InvalidAction', message);
}

function parseJson(body: string): Json {
  try {
    const value = JSON.parse(body === '' ? '{}' : body) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  } catch {
    // Told below.
  }
  throw new QueueError('InvalidParameterValue', 'The request body is no JSON object.');
}
