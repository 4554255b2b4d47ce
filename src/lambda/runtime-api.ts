// Lambda's Runtime API, version 2018-06-01: what a runtime asks for its work and where it leaves the answer. One server a sandbox,
// so that the port tells sandboxes apart. (Lambda guide, "Using the Lambda runtime API for custom runtimes"; wording of the
// answers: aws/aws-lambda-runtime-interface-emulator, lambda/rapi.)

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An error as a runtime tells it. */
export interface FunctionError {
  readonly errorType: string;
  readonly message: string;
}

/** What the runtime did, in its own order. */
export interface RuntimeListener {
  /** It waits for work: the sandbox may be frozen now. */
  onNext(): void;
  onResponse(body: Buffer): void;
  onError(error: FunctionError): void;
  /** The init failed; the runtime will exit. */
  onInitError(error: FunctionError): void;
}

/** One event and what its headers say. */
export interface RuntimeInvocation {
  readonly requestId: string;
  readonly body: string;
  /** Unix ms on the machine's clock: the runtime reads that one. */
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly traceId: string;
}

export interface RuntimeApi extends AsyncDisposable {
  /** `127.0.0.1:PORT`, the value of AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Answers the `next` that waits. */
  deliver(invocation: RuntimeInvocation): void;
}

/** 6 MB for synchronous and asynchronous results (Lambda guide, "Lambda quotas"); the emulator adds 100 bytes (rapi/model). */
export const responseLimitBytes = 6 * 1024 * 1024 + 100;

/**
 * The cause of an exception travels as one header of up to 1 MiB (`Lambda-Runtime-Function-XRay-Error-Cause`, aws/aws-lambda-
 * python-runtime-interface-client). Node's default of 16 KiB answers 431, and the invocation hangs until its time limit.
 */
const headerLimitBytes = 2 * 1024 * 1024;

const base = '/2018-06-01/runtime/';

export async function openRuntimeApi(listener: RuntimeListener): Promise<RuntimeApi> {
  const desk = new Desk(listener);
  // A frozen runtime waits for its next event as long as it must: no time limit of the server may end that.
  const limits = { maxHeaderSize: headerLimitBytes, requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 };
  const server = createServer(limits, (request, response) => void desk.serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliver: (invocation) => desk.deliver(invocation),
    [Symbol.asyncDispose]: () => close(server),
  };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}

/** The state of one runtime: which event it has, and whether it waits for one. */
class Desk {
  readonly #listener: RuntimeListener;
  #waiting: ServerResponse | undefined;
  #requestId: string | undefined;

  constructor(listener: RuntimeListener) {
    this.#listener = listener;
  }

  deliver({ requestId, body, deadlineMs, functionArn, traceId }: RuntimeInvocation): void {
    const response = this.#waiting;
    this.#waiting = undefined;
    this.#requestId = requestId;
    response?.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'lambda-runtime-aws-request-id': requestId,
      'lambda-runtime-deadline-ms': String(Math.floor(deadlineMs)),
      'lambda-runtime-invoked-function-arn': functionArn,
      'lambda-runtime-trace-id': traceId,
    });
    response?.end(body);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that is gone cannot be answered; its sandbox hears of that by itself.
    response.on('error', () => undefined);
    const url = request.url ?? '';
    const path = url.startsWith(base) ? url.slice(base.length) : '';
    if (request.method === 'GET' && path === 'invocation/next') return this.#next(response);
    const body = await readBody(request);
    // A body that never ended.
    if (body === undefined) return;
    const [, requestId, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (request.method !== 'POST') return refuse(response, 404, 'NotFound', `${request.method} ${url} is not served.`);
    if (path === 'init/error') {
      accept(response);
      return this.#listener.onInitError(errorOf(request, body));
    }
    if (requestId === undefined) return refuse(response, 404, 'NotFound', `POST ${url} is not served.`);
    if (requestId !== this.#requestId) return refuse(response, 400, 'InvalidRequestID', 'Invalid request ID');
    this.#requestId = undefined;
    if (kind === 'error') {
      accept(response);
      return this.#listener.onError(errorOf(request, body));
    }
    this.#respond(response, body);
  }

  #next(response: ServerResponse): void {
    if (this.#requestId !== undefined) {
      return refuse(response, 403, 'InvalidStateTransition', 'The invocation that it has is not answered yet.');
    }
    this.#waiting = response;
    this.#listener.onNext();
  }

  #respond(response: ServerResponse, body: Buffer | 'too-large'): void {
    if (body === 'too-large') {
      const message = `Response payload size exceeded maximum allowed payload size (${responseLimitBytes} bytes).`;
      refuse(response, 413, 'RequestEntityTooLarge', message);
      return this.#listener.onError({ errorType: 'Function.ResponseSizeTooLarge', message });
    }
    accept(response);
    this.#listener.onResponse(body);
  }
}

function accept(response: ServerResponse): void {
  const body = '{"status":"OK"}\n';
  response.writeHead(202, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  const body = JSON.stringify({ errorMessage, errorType });
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body);
}

/** Too large a body is read to its end and forgotten: a client in mid-write could not hear the answer. Undefined when cut off. */
async function readBody(request: IncomingMessage): Promise<Buffer | 'too-large' | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes <= responseLimitBytes) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch {
    return undefined;
  }
  return sizeBytes <= responseLimitBytes ? Buffer.concat(chunks) : 'too-large';
}

/** Not every client sends the header (awslambdaric and aws-lambda-ric do not): the body says it too. */
function errorOf(request: IncomingMessage, body: Buffer | 'too-large'): FunctionError {
  const header = request.headers['lambda-runtime-function-error-type'];
  const { errorType, errorMessage } = parseError(body === 'too-large' ? '' : body.toString());
  return { errorType: String(header || (errorType ?? 'Runtime.Unknown')), message: String(errorMessage ?? '') };
}

function parseError(text: string): { errorType?: unknown; errorMessage?: unknown } {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : { errorMessage: value };
  } catch {
    return { errorMessage: text };
  }
}
