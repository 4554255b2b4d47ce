// Lambda's Runtime API, version 2018-06-01: what a runtime asks for its work and where it leaves the answer. One server a sandbox,
// so that the port tells sandboxes apart. (Lambda guide, "Using the Lambda runtime API for custom runtimes"; wording of the
// answers: aws/aws-lambda-runtime-interface-emulator, lambda/rapi.)

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { accept, answer, readBody, refuse } from './api-answers.ts';
import { ExtensionDesk, type ExtensionDeskOptions } from './extension-desk.ts';

/** An error as a runtime tells it. */
export interface FunctionError {
  readonly errorType: string;
  readonly message: string;
}

/** What the runtime did, in its own order. */
export interface RuntimeListener {
  /** It waits for work, and so do all extensions: the sandbox may be frozen now. */
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
  readonly extensions: Pick<ExtensionDesk, 'registered' | 'shutDown' | 'toldError'>;
  /** Answers the `next` that waits, and tells the extensions. */
  deliver(invocation: RuntimeInvocation): void;
}

/** 6 MB for synchronous and asynchronous results (Lambda guide, "Lambda quotas"); the emulator adds 100 bytes (rapi/model). */
export const responseLimitBytes = 6 * 1024 * 1024 + 100;

/** 200 MB for results that are streamed (Lambda guide, "Lambda quotas"). */
const streamLimitBytes = 200 * 1024 * 1024;

/**
 * The cause of an exception travels as one header of up to 1 MiB (`Lambda-Runtime-Function-XRay-Error-Cause`, aws/aws-lambda-
 * python-runtime-interface-client). Node's default of 16 KiB answers 431, and the invocation hangs until its time limit.
 */
const headerLimitBytes = 2 * 1024 * 1024;

const runtimeBase = '/2018-06-01/runtime/';
const extensionBase = '/2020-01-01/extension/';

export async function openRuntimeApi(
  listener: RuntimeListener,
  extensions: Omit<ExtensionDeskOptions, 'onWaiting'>,
  host = '127.0.0.1',
): Promise<RuntimeApi> {
  const desk = new Desk(listener, extensions);
  // A frozen runtime waits for its next event as long as it must: no time limit of the server may end that.
  const limits = { maxHeaderSize: headerLimitBytes, requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 };
  const server = createServer(limits, (request, response) => void desk.serve(request, response));
  server.listen(0, host);
  await once(server, 'listening');
  return {
    extensions: desk.extensions,
    address: `${host}:${(server.address() as AddressInfo).port}`,
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
  readonly extensions: ExtensionDesk;
  #waiting: ServerResponse | undefined;
  #isIdle = false;
  #requestId: string | undefined;

  constructor(listener: RuntimeListener, extensions: Omit<ExtensionDeskOptions, 'onWaiting'>) {
    this.#listener = listener;
    this.extensions = new ExtensionDesk({ ...extensions, onWaiting: () => this.#reportIdle() });
  }

  deliver({ requestId, body, deadlineMs, functionArn, traceId }: RuntimeInvocation): void {
    const response = this.#waiting;
    this.#waiting = undefined;
    this.#requestId = requestId;
    this.#isIdle = false;
    const deadline = Math.floor(deadlineMs);
    this.extensions.tell({
      eventType: 'INVOKE',
      deadlineMs: deadline,
      requestId,
      invokedFunctionArn: functionArn,
      tracing: { type: 'X-Amzn-Trace-Id', value: traceId },
    });
    response?.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'lambda-runtime-aws-request-id': requestId,
      'lambda-runtime-deadline-ms': String(deadline),
      'lambda-runtime-invoked-function-arn': functionArn,
      'lambda-runtime-trace-id': traceId,
    });
    response?.end(body);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that is gone cannot be answered; its sandbox hears of that by itself.
    response.on('error', () => undefined);
    const { method = '', url = '' } = request;
    if (url.startsWith(extensionBase)) return this.extensions.serve(url.slice(extensionBase.length), request, response);
    const path = url.startsWith(runtimeBase) ? url.slice(runtimeBase.length) : undefined;
    const [, requestId, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path ?? '') ?? [];
    if (method === 'POST' && requestId !== undefined) {
      return kind === 'error' ? this.#error(requestId, request, response) : this.#respond(requestId, request, response);
    }
    switch (`${method} ${path ?? url}`) {
      case 'GET invocation/next':
        return this.#next(response);
      case 'POST init/error':
        return this.#initError(request, response);
      // Snapshots are never taken here: whoever waits to be restored may go on at once.
      case 'GET restore/next':
        return answer(response, 200, {});
      case 'POST restore/error':
        return this.#initError(request, response);
      // Not served by the emulator either; with this answer clients go on without them.
      case 'PUT /2022-07-01/telemetry':
        return unsupported(request, response, 'Telemetry');
      case 'PUT /2020-08-15/logs':
        return unsupported(request, response, 'Logs');
      default:
        await readBody(request, responseLimitBytes);
        return refuse(response, 404, 'NotFound', `${method} ${url} is not served.`);
    }
  }

  #next(response: ServerResponse): void {
    if (this.#requestId !== undefined) {
      return refuse(response, 403, 'InvalidStateTransition', 'The invocation that it has is not answered yet.');
    }
    this.#waiting = response;
    this.#reportIdle();
  }

  #reportIdle(): void {
    if (this.#isIdle || !this.#waiting || !this.extensions.allWait()) return;
    this.#isIdle = true;
    this.#listener.onNext();
  }

  async #initError(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, responseLimitBytes);
    accept(response);
    this.#listener.onInitError(errorOf(request, body));
  }

  async #error(requestId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, responseLimitBytes);
    if (!this.#settle(requestId, response)) return;
    accept(response);
    this.#listener.onError(errorOf(request, body));
  }

  async #respond(requestId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const mode = request.headers['lambda-runtime-function-response-mode'];
    const limitBytes = mode === 'streaming' ? streamLimitBytes : responseLimitBytes;
    const body = await readBody(request, limitBytes);
    if (mode !== undefined && mode !== 'streaming') {
      return refuse(response, 400, 'InvalidFunctionResponseMode', `Invalid response mode ${String(mode)}`);
    }
    if (!this.#settle(requestId, response)) return;
    if (body === 'too-large') {
      const message = `Response payload size exceeded maximum allowed payload size (${limitBytes} bytes).`;
      refuse(response, 413, 'RequestEntityTooLarge', message);
      return this.#listener.onError({ errorType: 'Function.ResponseSizeTooLarge', message });
    }
    if (body === 'cut-off') {
      return this.#listener.onError({ errorType: 'Runtime.TruncatedResponse', message: 'The response was cut off.' });
    }
    accept(response);
    const failure = errorOfTrailers(request);
    if (failure) this.#listener.onError(failure);
    else this.#listener.onResponse(body);
  }

  /** Takes the first answer to the event that the runtime has; refuses any other. */
  #settle(requestId: string, response: ServerResponse): boolean {
    const isRight = requestId === this.#requestId;
    if (isRight) this.#requestId = undefined;
    else refuse(response, 400, 'InvalidRequestID', 'Invalid request ID');
    return isRight;
  }
}

async function unsupported(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
  await readBody(request, responseLimitBytes);
  answer(response, 202, { errorType: `${name}.NotSupported`, errorMessage: `${name} API is not supported` });
}

/** Not every client sends the header (awslambdaric and aws-lambda-ric do not): the body says it too. */
function errorOf(request: IncomingMessage, body: Buffer | 'too-large' | 'cut-off'): FunctionError {
  const header = request.headers['lambda-runtime-function-error-type'];
  return toError(header, typeof body === 'string' ? '' : body.toString());
}

/** A streamed answer may turn into an error in its middle: then trailers say so, the body of the error in base64. */
function errorOfTrailers({ trailers }: IncomingMessage): FunctionError | undefined {
  const type = trailers['lambda-runtime-function-error-type'];
  if (!type) return undefined;
  return toError(type, Buffer.from(trailers['lambda-runtime-function-error-body'] ?? '', 'base64').toString());
}

function toError(type: string | string[] | undefined, text: string): FunctionError {
  const { errorType, errorMessage } = parseError(text);
  return { errorType: String(type || (errorType ?? 'Runtime.Unknown')), message: String(errorMessage ?? '') };
}

function parseError(text: string): { errorType?: unknown; errorMessage?: unknown } {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : { errorMessage: value };
  } catch {
    return { errorMessage: text };
  }
}
