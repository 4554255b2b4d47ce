// One POST over node:http(s), because it tells what a retry must know and fetch hides: whether the connection was a kept-alive
// one (`reusedSocket`), and when it is connected. It follows no redirect, and its agents honour HTTPS_PROXY and NO_PROXY.

import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { Answer } from './answer.ts';
import type { Surroundings } from './surroundings.ts';

export interface PostOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly surroundings: Surroundings;
  /** Limit of connections, and proxy settings by their usual names. */
  readonly maxConnections: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Poster {
  /** Never rejects: no answer is an outcome too. `timeoutMs` covers connecting, sending and the whole answer. */
  post(body: Buffer, timeoutMs: number): Promise<Answer>;
  close(): void;
}

/** A server that does not accept within this time is not there. */
const connectTimeoutMs = 3000;
/** No more of an answer is kept; the rest is read and dropped, so that the connection can be used again. */
const maxAnswerBytes = 64 * 1024;

export function openPoster(options: PostOptions): Poster {
  const module = options.url.protocol === 'https:' ? https : http;
  const agent = new module.Agent({ keepAlive: true, maxSockets: options.maxConnections, proxyEnv: options.env });
  return {
    post: (body, timeoutMs) => new Promise((resolve) => send(module, agent, { ...options, body, timeoutMs, resolve })),
    close: () => agent.destroy(),
  };
}

function send(
  module: typeof http | typeof https,
  agent: http.Agent,
  what: PostOptions & { body: Buffer; timeoutMs: number; resolve: (answer: Answer) => void },
): void {
  const { url, headers, surroundings, body, timeoutMs, resolve } = what;
  const request = module.request(url, {
    method: 'POST',
    agent,
    headers: { ...headers, 'content-length': String(body.length) },
  });
  let answered = false;
  const cancels = [
    surroundings.after(timeoutMs, () => {
      const error = new Error(`no complete answer within ${timeoutMs} ms`);
      request.destroy(error);
      // While a proxy's tunnel or the handshake in it is not done, Node tells nobody of an error.
      fail(error);
    }),
  ];
  const settle = (answer: Answer): void => {
    for (const cancel of cancels) cancel();
    resolve(answer);
  };
  const fail = (error: Error & { code?: string }): void => {
    const wasClosed = error.code === 'ECONNRESET' || error.code === 'EPIPE';
    settle({ kind: 'none', error, stale: !answered && request.reusedSocket && wasClosed });
  };
  request.on('error', fail);
  request.on('socket', (socket) => limitConnecting(socket, request, { surroundings, cancels, url }));
  request.on('response', (response) => {
    answered = true;
    const parts: Buffer[] = [];
    let kept = 0;
    response.on('data', (part: Buffer) => {
      if (kept < maxAnswerBytes) parts.push(part);
      kept += part.length;
    });
    response.on('error', fail);
    response.on('end', () =>
      settle({
        kind: 'answer',
        statusCode: response.statusCode ?? 0,
        retryAfter: response.headers['retry-after'],
        contentType: response.headers['content-type'] ?? '',
        body: Buffer.concat(parts).subarray(0, maxAnswerBytes),
      }),
    );
  });
  request.end(body);
}

function limitConnecting(
  socket: Socket,
  request: http.ClientRequest,
  how: { surroundings: Surroundings; cancels: (() => void)[]; url: URL },
): void {
  if (!socket.connecting) return;
  const cancel = how.surroundings.after(connectTimeoutMs, () => {
    request.destroy(new Error(`${how.url.host} did not accept a connection within ${connectTimeoutMs} ms`));
  });
  socket.once(how.url.protocol === 'https:' ? 'secureConnect' : 'connect', cancel);
  how.cancels.push(cancel);
}
