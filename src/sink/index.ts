// The fake SigNoz: takes log requests as an edition of SigNoz does, archives every body as received, hands every record on.

import { fastify, type FastifyInstance } from 'fastify';

import type { Clock } from '../core/clock.ts';
import { FlowrigError } from '../core/errors.ts';
import type { Delivery, RecordView } from '../core/model/delivery.ts';
import type { SinkCounts } from '../core/model/result.ts';
import type { RandomSource } from '../core/random.ts';
import { openScope } from '../core/scope.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { cloudEdition } from './editions/cloud.ts';
import type { Listener } from './editions/edition.ts';
import { selfhostEdition } from './editions/selfhost.ts';
import { serve, type Exchange, type SinkState } from './exchange.ts';
import { openFaultDesk } from './faults/desk.ts';
import type { SinkFaultConfig } from './faults/index.ts';
import { Inbox } from './inbox.ts';
import { OpenRequests } from './open-requests.ts';
import { newDeliveryTally } from './tally.ts';

export type { SinkFaultConfig } from './faults/index.ts';

export interface SinkOptions {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** `clock.nowMs()` when the run began: faults count their `from` and `for` from there. */
  readonly startedMs: number;
  readonly edition: 'cloud' | 'selfhost';
  /** Accepted whatever its form; without it any well-formed key is. */
  readonly key?: string;
  /** Whether a slash behind the path is let through; SigNoz Cloud documents a 404. */
  readonly trailingSlash?: 'refuse' | 'accept';
  /** Where the archive goes; must not hold one. */
  readonly folder: string;
  readonly host?: string;
  readonly port?: number;
  /** Port of OTLP/HTTP in the edition that has one of its own. */
  readonly otlpPort?: number;
  readonly faults: readonly SinkFaultConfig[];
  /**
   * Names a request by one of its records, for decisions of faults; asked with each record in turn until it answers. Without an
   * answer the SHA-256 of the decoded body is the name.
   */
  readonly identify?: (view: RecordView) => string | undefined;
  /** Sees every record of every kept delivery once, in order within its delivery. */
  readonly onRecord?: (sequence: number, view: RecordView, index: number) => void;
  /** Sees every delivery when it has ended and its records were handed on. */
  readonly onDelivery?: (delivery: Delivery) => void;
  readonly onFault?: (kind: string, atMs: number) => void;
}

export interface Sink extends AsyncDisposable {
  /** Scheme, host and port; of the JSON receiver where OTLP has a port of its own. */
  readonly url: string;
  /** Complete: post to it as it is. */
  readonly jsonUrl: string;
  /** Complete: post to it as it is. */
  readonly otlpUrl: string;
  counts(): SinkCounts;
  /** How often each configured fault struck. */
  faultsFired(): Record<string, number>;
  /** Requests that are being read or answered; answers that a fault holds back are not among them. */
  openRequests(): number;
  /** The clock is about to jump by so much: connections without a request that are idle beyond their limit then are closed. */
  closeIdleConnections(jumpMs: number): void;
  /** When the earliest answer that is held back is due, on the rig's clock. */
  nextDueMs(): number | undefined;
  /** Resolves when all kept bodies were handed on; throws what went wrong in the sink itself, such as a full disk. */
  idle(): Promise<void>;
}

/** Opens the sink; throws a FlowrigError where the folder or a port cannot be had. */
export async function openSink(options: SinkOptions): Promise<Sink> {
  const { key, trailingSlash = 'refuse', host = '127.0.0.1' } = options;
  const edition = (options.edition === 'cloud' ? cloudEdition : selfhostEdition)({ key, trailingSlash });
  const scope = openScope();
  try {
    const tally = newDeliveryTally();
    const failures: unknown[] = [];
    const state = openState(options, scope.use(new ArchiveWriter(options.folder)), (delivery) => {
      tally.add(delivery);
      options.onDelivery?.(delivery);
    });
    const exchanges = new Set<Promise<void>>();
    const apps: FastifyInstance[] = [];
    scope.defer(() => Promise.all(exchanges).then(() => undefined));
    const listen = async (listener: Listener, port: number): Promise<string> => {
      const app = newServer((exchange) => {
        const ended = serve(state.sink, listener, exchange).catch((error: unknown) => {
          failures.push(error);
          exchange.raw.socket.destroy();
        });
        exchanges.add(ended);
        void ended.then(() => exchanges.delete(ended));
      });
      scope.defer(() => app.close());
      apps.push(app);
      return bind(app, host, port);
    };
    const url = await listen(edition.main, options.port ?? 0);
    const otlpBase = edition.otlp ? await listen(edition.otlp, options.otlpPort ?? 0) : url;
    scope.defer(() => state.close());
    return {
      url,
      jsonUrl: url + edition.jsonPath,
      otlpUrl: `${otlpBase}/v1/logs`,
      counts: () => tally.counts(),
      faultsFired: () => state.sink.faults.fired(),
      openRequests: () => state.sink.openRequests.count(),
      closeIdleConnections(jumpMs) {
        for (const { server } of apps) if (jumpMs >= server.keepAliveTimeout) server.closeIdleConnections();
      },
      nextDueMs: () => state.sink.openRequests.nextDueMs(),
      async idle() {
        await state.sink.inbox.idle();
        if (failures.length > 0) throw failures[0];
      },
      [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
    };
  } catch (error) {
    await scope[Symbol.asyncDispose]();
    throw error;
  }
}

/** The state that exchanges share, and what aborts the answers that faults hold back. */
function openState(
  options: SinkOptions,
  archive: ArchiveWriter,
  onEnded: (delivery: Delivery) => void,
): { sink: SinkState; close: () => void } {
  const { clock, startedMs, faults, random, identify } = options;
  const closing = new AbortController();
  let sequence = 0;
  const sink: SinkState = {
    clock,
    startedMs,
    archive,
    inbox: new Inbox(options.onRecord),
    faults: openFaultDesk({ faults, random, identify }),
    openRequests: new OpenRequests(clock),
    closing: closing.signal,
    nextSequence: () => ++sequence,
    onFault: (kind, atMs) => options.onFault?.(kind, atMs),
    onEnded,
  };
  return { sink, close: () => closing.abort() };
}

/**
 * One port. Every request is served from a hook before Fastify reads its path, type or body, because SigNoz refuses none of what
 * Fastify would refuse there: it looks at no content type, and unclean paths get a redirect.
 */
function newServer(onExchange: (exchange: Exchange) => void): FastifyInstance {
  const app = fastify({ forceCloseConnections: true, rewriteUrl: () => '/' });
  app.addHook('onRequest', (request, reply, _next) => {
    onExchange({ raw: request.raw, target: request.originalUrl, reply });
  });
  return app;
}

async function bind(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw cause;
    const message = `The sink cannot listen on ${host}:${port} (${code}). Choose another port, or 0 for any free one.`;
    throw new FlowrigError('port-taken', message, { cause });
  }
}
