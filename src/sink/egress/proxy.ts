// The only way out for a target: an HTTP proxy on loopback, named by HTTPS_PROXY. SigNoz's hosts lead to the sink and AWS's to the
// store, both under certificates of the run's own authority; loopback passes through; every other host is refused and recorded.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Clock } from '../../core/clock.ts';
import { FlowrigError } from '../../core/errors.ts';
import type { NetFault, NetFaultDesk } from '../net-faults/index.ts';
import type { Authority } from '../tls/authority.ts';
import { terminateTls } from '../tls/terminate.ts';
import {
  answerText,
  noAuthority,
  noPlainRequest,
  notReached,
  refused,
  unresolved,
  type ProxyAnswer,
} from './answers.ts';
import { parseAuthority, parseTarget, routeOf, type Destination } from './route.ts';
import { dial, join } from './tunnel.ts';

export interface EgressProxyOptions {
  readonly clock: Clock;
  /** `clock.nowMs()` when the run began: faults count their `from` and `for` from there. */
  readonly startedMs: number;
  readonly authority: Authority;
  readonly faults: NetFaultDesk;
  /** `http://127.0.0.1:PORT`; without a store AWS's hosts are refused. */
  readonly storeEndpoint?: string;
  /** Default 127.0.0.1, and any free port. */
  readonly host?: string;
  readonly port?: number;
  /** Takes a connection to SigNoz on which HTTP/1.1 is spoken. */
  acceptHttp(socket: Socket): void;
  /** Takes one on which the client speaks HTTP/2 and nothing else, as gRPC does. Without it such clients find no protocol. */
  acceptHttp2?(socket: Socket): void;
  onRefused(destination: Destination, atMs: number): void;
  onFault(kind: string, atMs: number): void;
}

export interface EgressProxy extends AsyncDisposable {
  /** What HTTPS_PROXY is set to. */
  readonly url: string;
}

/**
 * How long a connection may say nothing of where it wants to go, on the rig's clock. Nothing waits for the end of it: a frozen
 * client holds no jump of the clock up.
 */
const connectLimitMs = 60_000;

/** Opens the proxy; throws a FlowrigError where the port cannot be had. Whatever clients send, it neither throws nor hangs. */
export async function openEgressProxy(options: EgressProxyOptions): Promise<EgressProxy> {
  const { clock, host = '127.0.0.1', port = 0 } = options;
  const sockets = new Set<Socket>();
  const serving = new Set<Promise<void>>();
  const limits = new WeakMap<Socket, AbortController>();
  // Node's own limits run on the machine's time, and know nothing of a jump.
  const server = createServer({ headersTimeout: 0, requestTimeout: 0 });
  server.on('connection', (socket: Socket) => {
    const limit = new AbortController();
    limits.set(socket, limit);
    sockets.add(socket);
    socket
      .on('error', () => undefined)
      .once('close', () => {
        sockets.delete(socket);
        limit.abort();
      });
    clock.sleep(connectLimitMs, limit.signal).then(
      () => void socket.destroy(),
      () => undefined,
    );
  });
  server.on('request', (request, response) => answerPlain(options, request, response));
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    limits.get(socket)!.abort();
    if (head.length > 0) socket.unshift(head);
    const served = connectTo(options, request.url ?? '', socket);
    serving.add(served);
    void served.finally(() => serving.delete(served));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `The proxy cannot listen on ${host}:${port} (${cause.code}). Choose another port, or 0 for any free one.`;
      reject(new FlowrigError('port-taken', message, { cause }));
    });
    server.listen({ host, port }, resolve);
  });
  return {
    url: `http://${host}:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, ...serving]);
    },
  };
}

/** A plain request through the proxy is refused like a tunnel. No variable of ours asks for one: HTTP_PROXY is never set. */
function answerPlain(options: EgressProxyOptions, request: IncomingMessage, response: ServerResponse): void {
  const destination = parseTarget(request.url ?? '');
  const isRefused = destination !== undefined && routeOf(destination) !== 'loopback';
  if (isRefused) options.onRefused(destination, options.clock.nowMs());
  const { statusCode, headers, sentence } = isRefused ? refused(destination) : noPlainRequest;
  // Read to its end first: a client that still sends would see a reset in place of the answer.
  request.resume().once('end', () => response.writeHead(statusCode, headers).end(sentence));
}

/** Serves one CONNECT until the connection has found its server. */
async function connectTo(options: EgressProxyOptions, target: string, socket: Socket): Promise<void> {
  const { clock, startedMs, faults, storeEndpoint } = options;
  const destination = parseAuthority(target);
  if (!destination) return end(socket, noAuthority);
  const route = routeOf(destination);
  if (route === 'refused' || (route === 'store' && storeEndpoint === undefined)) {
    options.onRefused(destination, clock.nowMs());
    return end(socket, refused(destination));
  }
  const { host } = destination;
  if (route === 'loopback') return passThrough(socket, destination);
  const fault = route === 'signoz' ? faults.decide(host, clock.nowMs() - startedMs) : undefined;
  if (fault) options.onFault(fault.kind, clock.nowMs());
  if (fault?.unresolved) return end(socket, unresolved(host, fault.unresolved));
  established(socket);
  if (fault?.tls === 'stalled') return stall(options, socket, fault);
  const protocols = route === 'signoz' && options.acceptHttp2 ? ['http/1.1', 'h2'] : ['http/1.1'];
  const problem = fault?.tls === undefined ? {} : { problem: fault.tls };
  const secured = await terminateTls(socket, { clock, authority: options.authority, host, ...problem, protocols });
  if (!secured) return;
  if (route === 'store') {
    const store = new URL(storeEndpoint!);
    const far = await dial({ host: store.hostname, port: Number(store.port) }).catch(() => undefined);
    if (far) join(secured, far);
    else secured.destroy();
  } else if (secured.alpnProtocol === 'h2') options.acceptHttp2!(secured);
  else options.acceptHttp(secured);
}

async function passThrough(socket: Socket, destination: Destination): Promise<void> {
  const far = await dial(destination).catch((error: NodeJS.ErrnoException) => error);
  if (far instanceof Error) return end(socket, notReached(destination, far.code ?? far.message));
  established(socket);
  join(socket, far);
}

/**
 * Says nothing until the client gives up, or until the fault is disarmed. That is no event of the clock: while a sandbox waits for
 * the handshake time runs at 1x, and what a frozen one waits for is not awaited.
 */
async function stall({ clock, startedMs }: EgressProxyOptions, socket: Socket, fault: NetFault): Promise<void> {
  const gone = new AbortController();
  socket.resume().once('end', () => socket.end());
  socket.once('close', () => gone.abort());
  if (socket.destroyed || fault.disarmedMs === Infinity) return;
  await clock.sleep(startedMs + fault.disarmedMs - clock.nowMs(), gone.signal).catch(() => undefined);
  socket.destroy();
}

function established(socket: Socket): void {
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
}

/** What the client still sends is read and dropped, so that it sees the answer and not a reset. */
function end(socket: Socket, answer: ProxyAnswer): void {
  socket.resume().write(answerText(answer));
  socket.destroySoon();
}
