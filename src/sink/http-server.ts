// One port of the sink over HTTP: reads each request, lets faults work on the reading, and hands it on to be served.

import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';

import { FlowrigError } from '../core/errors.ts';
import type { Listener } from './editions/edition.ts';
import { serve, type SinkState } from './exchange.ts';
import type { Sighting } from './faults/desk.ts';
import type { OpenRequest } from './open-requests.ts';
import { httpPeer, ranked, type Peer } from './peer.ts';
import { readBody, readHead, type OnPiece, type RequestHead } from './request.ts';

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
  const app = fastify({ forceCloseConnections: true, rewriteUrl: () => '/' });
  app.server.on('connection', (socket) => ranked(socket, state.connectionOpened(socket)));
  app.addHook('onRequest', (request, reply, _next) => {
    const incoming = { raw: request.raw, target: request.originalUrl, reply };
    track(serveHttp(state, listener, incoming), () => request.raw.socket.destroy());
  });
  return app;
}

async function serveHttp(state: SinkState, listener: Listener, { raw, target, reply }: Incoming): Promise<void> {
  const open = state.openRequests.open();
  reply.hijack();
  reply.raw.once('close', () => open.closed());
  // Waiting for room is the sink's own doing, whatever the client does meanwhile.
  open.working();
  await state.inbox.room();
  open.moved();
  const peer = httpPeer(raw, reply, listener.headers);
  const head = readHead(raw, target);
  const early = state.faults.looksEarly ? earlyFaults(state, head, { peer, open, raw }) : undefined;
  const onPiece: OnPiece = (soFar, pieceBytes) => {
    open.moved();
    return early?.onPiece(soFar, pieceBytes);
  };
  const received = await readBody(raw, { limitBytes: listener.limitBytes, onPiece });
  if (!received) return;
  await serve(state, listener, { request: { ...head, ...received }, peer, open, sighting: early?.sighting() });
}

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
  const wait = async (durationMs: number): Promise<'go-on'> => {
    // Pieces may come together: each takes its time behind the one before.
    readMs = Math.max(readMs, clock.nowMs()) + durationMs;
    const slept = clock.sleep(readMs - clock.nowMs(), AbortSignal.any([peer.gone, closing])).catch(() => undefined);
    open.held(readMs);
    await slept;
    open.moved();
    return 'go-on';
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
