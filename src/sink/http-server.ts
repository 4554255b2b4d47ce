// One port of the sink over HTTP: reads each request, lets faults work on the reading, and hands it on to be served.

import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import { FlowrigError } from '../core/errors.ts';
import { giveMemory } from './body-memory.ts';
import { Deadlines } from './deadlines.ts';
import type { Listener } from './editions/edition.ts';
import { serve, type SinkState } from './exchange.ts';
import type { Sighting } from './faults/desk.ts';
import type { OpenRequest } from './open-requests.ts';
import { HttpConnections } from './http-connection.ts';
import { httpPeer, type Peer } from './peer.ts';
import { Patience } from './patience.ts';
import { readBody, readHead, type BodyReading, type OnPiece, type RequestHead, type SinkRequest } from './request.ts';

interface Incoming {
  readonly raw: IncomingMessage;
  /** The request's URL as sent. */
  readonly target: string;
  readonly reply: FastifyReply;
}

/**
 * Every request is served from a hook before Fastify reads its path, type or body, because SigNoz refuses none of what Fastify
 * would refuse there: it looks at no content type, and unclean paths get a redirect. `track` is given each request's end.
 */
export function newHttpServer(
  state: SinkState,
  listener: Listener,
  track: (ended: Promise<void>, onFailure: () => void) => void,
): FastifyInstance {
  const connections = new HttpConnections(state.clock, listener, state.closing);
  const app = fastify({
    forceCloseConnections: true,
    rewriteUrl: () => '/',
    keepAliveTimeout: listener.timeLimits.idleMs,
    http: { maxHeaderSize: headLimitBytes, requireHostHeader: false, headersTimeout: 0 },
    clientErrorHandler: (error, socket) => connections.failed(error, socket),
  });
  const port: Port = { listener, connections, refusedByHead: new WeakSet(), bodies: bodyDeadlines(state, listener) };
  // Who closes its side behind its request may read on: Go's server answers it. Node's ends the connection then, unless it is told so.
  Object.assign(app.server, { httpAllowHalfOpen: true });
  app.server.on('connection', (socket: Socket) => {
    state.connections.add(socket);
    connections.opened(socket);
  });
  app.server.on('checkContinue', (raw, response) => askForBody(app, port, raw, response));
  app.server.on('checkExpectation', (_raw, response) => {
    response.writeHead(417, { connection: 'close', 'content-length': 0 }).end();
  });
  app.addHook('onRequest', (request, reply, _next) => {
    const incoming = { raw: request.raw, target: request.originalUrl, reply };
    const { socket } = request.raw;
    // Its last request was served, answered or not.
    const ended = serveHttp(state, port, incoming).finally(() => {
      // On a connection that is gone it would add a listener a request, until Node warns of them.
      if (socket.readableEnded && socket.writable) socket.destroySoon();
    });
    track(ended, () => socket.destroy());
  });
  return app;
}

/** What the requests of a port share. */
interface Port {
  readonly listener: Listener;
  readonly connections: HttpConnections;
  /** Requests whose body the client holds back, and need not send. */
  readonly refusedByHead: WeakSet<IncomingMessage>;
  readonly bodies: Deadlines | undefined;
}

/** Go's limit for a head (net/http, DefaultMaxHeaderBytes). */
const headLimitBytes = 1024 * 1024;

/** `Expect: 100-continue`: only a body that will be read is asked for. */
function askForBody(app: FastifyInstance, port: Port, raw: IncomingMessage, response: ServerResponse): void {
  if (port.listener.judgeHead(readHead(raw, raw.url!))) port.refusedByHead.add(raw);
  else response.writeContinue();
  app.server.emit('request', raw, response);
}

function bodyDeadlines({ clock, closing }: SinkState, { timeLimits }: Listener): Deadlines | undefined {
  return timeLimits.body && new Deadlines(clock, timeLimits.body.limitMs, closing);
}

async function serveHttp(state: SinkState, port: Port, { raw, target, reply }: Incoming): Promise<void> {
  const { listener, connections } = port;
  const open = state.openRequests.open();
  reply.hijack();
  reply.raw.on('close', () => open.closed());
  if (!connections.requested(raw, reply.raw)) return open.closed();
  // Looked out for at once: a body may come broken with its head.
  const damage = connections.damageOf(raw);
  const { answerMs = Infinity } = listener.timeLimits;
  const openedMs = state.clock.nowMs();
  const answerByMs = openedMs + answerMs;
  // Waiting for room is the sink's own doing, whatever the client does meanwhile.
  open.working();
  const room = state.inbox.room();
  if (room) await room;
  open.moved();
  const isRefused = port.refusedByHead.has(raw);
  const peer = httpPeer({ raw, reply }, isRefused ? { connection: 'close' } : listener.headers, state.connections);
  const head = readHead(raw, target);
  const early = state.faults.looksEarly ? earlyFaults(state, head, { peer, open, raw }) : undefined;
  const onPiece: OnPiece = (soFar, pieceBytes) => {
    open.moved();
    const wait = early?.onPiece(soFar, pieceBytes);
    patience?.moved(wait);
    return wait;
  };
  const reading = isRefused ? unread : readBody(raw, { limitBytes: listener.limitBytes, onPiece, damage });
  const patience =
    port.bodies &&
    new Patience(port.bodies, () => {
      const { late } = listener.timeLimits.body!;
      // Its request counts nowhere.
      peer.send({ ...late, headers: { ...late.headers, connection: 'close' } });
      reading.giveUp();
    });
  const received = await reading.received;
  patience?.over();
  if (!received) return;
  const { memory, ...body } = received;
  const request: SinkRequest = { ...head, ...body };
  // A request that was never whole is answered, and counts nowhere.
  if (request.damage !== undefined) return peer.send(listener.judge(request).answer);
  await serve(state, listener, { request, peer, open, openedMs, answerByMs, sighting: early?.sighting() });
  if (memory) giveMemory(memory);
}

/** A body that was not asked for. */
const unread: BodyReading = {
  received: Promise.resolve({ body: Buffer.alloc(0), sizeBytes: 0 }),
  giveUp: () => undefined,
};

/** Faults that work on the reading of a request. They strike as soon as what has come of it names it. */
function earlyFaults(
  state: SinkState,
  head: RequestHead,
  { peer, open, raw }: { peer: Peer; open: OpenRequest; raw: IncomingMessage },
): { onPiece: OnPiece; sighting(): Sighting | undefined } {
  const { clock, faults, namer, closing } = state;
  // Of a body whose length was not announced any byte is in the middle.
  const announcedBytes = Number(raw.headers['content-length'] ?? 0);
  let sighting: Sighting | undefined;
  let effect: ReturnType<typeof faults.early> | undefined;
  const strike = (soFar: Buffer): void => {
    const name = sighting ? undefined : namer.nameOfPrefix(head, soFar);
    if (name === undefined) return;
    sighting = faults.sight(name);
    const atMs = clock.nowMs();
    effect = faults.early(sighting, atMs);
    for (const kind of effect.kinds) state.onFault(kind, atMs);
  };
  let readMs = 0;
  const wait = async (durationMs: number): Promise<'go-on' | 'end'> => {
    // Pieces may come together: each takes its time behind the one before.
    readMs = Math.max(readMs, clock.nowMs()) + durationMs;
    const slept = clock
      .sleep(readMs - clock.nowMs(), AbortSignal.any([peer.gone.signal, closing]))
      .catch(() => undefined);
    open.held(readMs);
    await slept;
    open.moved();
    // Of a client that gave up in the middle nothing more is read, though all of it may lie here.
    return peer.gone.hasHappened ? 'end' : 'go-on';
  };
  return {
    sighting: () => sighting,
    onPiece(soFar, pieceBytes) {
      strike(soFar);
      if (effect?.resetAtShare !== undefined && soFar.length >= announcedBytes * effect.resetAtShare) {
        peer.reset();
        return Promise.resolve('end');
      }
      return effect?.readBytesPerS === undefined ? undefined : wait((pieceBytes / effect.readBytesPerS) * 1000);
    },
  };
}

/** Resolves to the base URL; throws a FlowrigError where the port cannot be had. */
export async function bind(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    throw listenError(cause, host, port);
  }
}

/** What to tell the user of a port that cannot be had. */
export function listenError(cause: unknown, host: string, port: number): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return cause;
  const message = `The sink cannot listen on ${host}:${port} (${code}). Choose another port, or 0 for any free one.`;
  return new FlowrigError('port-taken', message, { cause });
}
