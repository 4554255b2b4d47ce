// The fake SigNoz: takes log requests as an edition of SigNoz does, archives every body as received, hands every record on.

import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';

import type { Clock } from '../core/clock.ts';
import { invariant } from '../core/errors.ts';
import type { Delivery, RecordView } from '../core/model/delivery.ts';
import type { SinkCounts } from '../core/model/result.ts';
import type { RandomSource } from '../core/random.ts';
import { openInScope } from '../core/scope.ts';
import { ArchiveWriter, type OnLine } from './archive-writer.ts';
import { cloudEdition } from './editions/cloud.ts';
import type { Listener } from './editions/edition.ts';
import { selfhostEdition } from './editions/selfhost.ts';
import { switchSettings, type SwitchSettings } from './editions/switches.ts';
import type { SinkState } from './exchange.ts';
import { FaultDesk, type ConfiguredFault } from './faults/desk.ts';
import type { SinkFaultConfig } from './faults/kind.ts';
import { openGrpcPort } from './grpc/port.ts';
import { bind, newHttpServer } from './http-server.ts';
import { HastyRequests } from './hasty.ts';
import { IdleConnections } from './idle-connections.ts';
import { Inbox, type OnRecords } from './inbox.ts';
import { OpenConnections } from './open-connections.ts';
import { OpenRequests } from './open-requests.ts';
import { RequestNamer, type Identify } from './request-namer.ts';
import { newDeliveryTally } from './tally.ts';
import { storedForMs } from './too-old.ts';

export type { ConfiguredFault } from './faults/desk.ts';
export type { SinkFaultConfig } from './faults/kind.ts';

export interface SinkOptions extends Partial<SwitchSettings> {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** `clock.nowMs()` when the run began: faults count their `from` and `for` from there. */
  readonly startedMs: number;
  readonly edition: 'cloud' | 'selfhost';
  /** One or several, accepted whatever their form; without any every well-formed key is. */
  readonly key?: string | readonly string[];
  /** Any key is right, whatever its form; none is still refused. */
  readonly takesAnyKey?: boolean;
  /** Where the archive goes; must not hold one. */
  readonly folder: string;
  readonly host?: string;
  readonly port?: number;
  /** Port of OTLP/HTTP in the edition that has one of its own. */
  readonly otlpPort?: number;
  readonly grpcPort?: number;
  readonly faults: readonly SinkFaultConfig[];
  /**
   * Names a request by one of its records, for decisions of faults; asked with each record in turn until it answers. Without an
   * answer the SHA-256 of the decoded body is the name.
   */
  readonly identify?: Identify;
  /** Reads the conditions that faults match records by; without it no condition may be configured. */
  readonly match?: (condition: string) => (view: RecordView) => boolean;
  /** Unix ms in log time: what SigNoz takes for now when it looks how old a record is. By default the clock's. */
  readonly logNowMs?: () => number;
  /** Sees every kept delivery once, and is shown its records when it asks for them. */
  readonly onRecords?: OnRecords;
  /** Sees every delivery when its line stands in the archive, just before its answer is sent, and again when it turns out otherwise. */
  readonly onArchived?: OnLine;
  /** Sees every delivery when it has ended and its records were handed on. */
  readonly onDelivery?: (delivery: Delivery) => void;
  readonly onFault?: (kind: string, atMs: number) => void;
  /** Told what went wrong in the sink itself, such as a full disk; `checkHealth` throws the first of it. */
  readonly onFailure?: (error: unknown) => void;
}

export interface Sink extends AsyncDisposable {
  /** Scheme, host and port; of the JSON receiver where OTLP has a port of its own. */
  readonly url: string;
  /** Complete: post to it as it is. */
  readonly jsonUrl: string;
  /** Complete: post to it as it is. */
  readonly otlpUrl: string;
  /** Scheme, host and port of OTLP/gRPC. */
  readonly grpcUrl: string;
  counts(): SinkCounts;
  /** The faults that are at work, each with how often it struck. */
  faults(): readonly ConfiguredFault[];
  /** Puts others in their place from the next request on; what they count, requests and time, begins anew. */
  setFaults(configs: readonly SinkFaultConfig[]): void;
  /** Forgets the deliveries that have ended, and gives the space of their bodies back. */
  forget(): void;
  /** Serves a connection that came another way than over the main port, such as one whose TLS was taken off. */
  accept(connection: Socket): void;
  /** As `accept`, for OTLP/HTTP where it has a port of its own. */
  acceptOtlp(connection: Socket): void;
  /** As `accept`, for a connection that speaks HTTP/2: OTLP/gRPC. */
  acceptGrpc(connection: Socket): void;
  /** How often each configured fault struck. */
  faultsFired(): Record<string, number>;
  /** Requests that are being read or answered; answers that a fault holds back are not among them. */
  openRequests(): number;
  /** The clock is about to jump by so much: connections without a request that are idle beyond their limit then are closed. */
  closeIdleConnections(jumpMs: number): void;
  /** When the earliest answer that is held back is due, on the rig's clock. */
  nextDueMs(): number | undefined;
  /** Throws what went wrong in the sink itself, such as a full disk: from then on nothing is proved. */
  checkHealth(): void;
  /** Resolves when all kept bodies were handed on; throws as `checkHealth` does. */
  idle(): Promise<void>;
}

/** Opens the sink; throws a FlowrigError where the folder or a port cannot be had. */
export async function openSink(options: SinkOptions): Promise<Sink> {
  const { host = '127.0.0.1' } = options;
  const edition = (options.edition === 'cloud' ? cloudEdition : selfhostEdition)({
    keys: options.takesAnyKey ? 'any' : options.key === undefined ? [] : [options.key].flat(),
    nowMs: () => options.clock.nowMs(),
    ...switchSettings(options),
  });
  return openInScope(async (scope) => {
    const tally = newDeliveryTally();
    const failures: unknown[] = [];
    const archive = scope.use(new ArchiveWriter(options.folder, options.onArchived));
    const onFailure = (error: unknown): void => {
      failures.push(error);
      options.onFailure?.(error);
    };
    const onEnded = (delivery: Delivery): void => {
      tally.add(delivery);
      options.onDelivery?.(delivery);
    };
    const { sink, close } = openState(options, archive, { onEnded, onAmended: tally.amend, onFailure });
    const checkHealth = (): void => {
      if (failures.length > 0) throw failures[0];
    };
    const { track, settled } = trackExchanges(onFailure);
    scope.defer(settled);
    const apps: FastifyInstance[] = [];
    const listen = async (listener: Listener, port: number): Promise<string> => {
      const app = newHttpServer(sink, listener, track);
      scope.defer(() => app.close());
      apps.push(app);
      return bind(app, host, port);
    };
    const url = await listen(edition.main, options.port ?? 0);
    const otlpBase = edition.otlp ? await listen(edition.otlp, options.otlpPort ?? 0) : url;
    const grpc = scope.use(await openGrpcPort({ host, port: options.grpcPort ?? 0 }, sink, edition.grpc, track));
    scope.defer(close);
    return {
      url,
      jsonUrl: url + edition.jsonPath,
      otlpUrl: `${otlpBase}/v1/logs`,
      grpcUrl: grpc.url,
      counts: () => tally.counts(),
      faults: () => sink.faults.configured(),
      setFaults: (configs) => sink.faults.replace(configs),
      forget: () => archive.forget(),
      accept: (connection) => void apps[0]!.server.emit('connection', connection),
      acceptOtlp: (connection) => void apps.at(-1)!.server.emit('connection', connection),
      acceptGrpc: (connection) => grpc.accept(connection),
      faultsFired: () => sink.faults.fired(),
      openRequests: () => sink.openRequests.count(),
      closeIdleConnections(jumpMs) {
        sink.idleConnections.beforeJump(jumpMs);
        for (const { server } of apps) if (jumpMs >= server.keepAliveTimeout) server.closeIdleConnections();
      },
      nextDueMs: () => sink.openRequests.nextDueMs(),
      checkHealth,
      async idle() {
        await sink.inbox.idle();
        checkHealth();
      },
      [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
    };
  });
}

/** Keeps the exchanges that are going on; one that fails tells why, and is given up. */
function trackExchanges(onFailure: (error: unknown) => void): {
  readonly track: (ended: Promise<void>, giveUp: () => void) => void;
  /** Resolves when those that are going on now are over. */
  readonly settled: () => Promise<void>;
} {
  const exchanges = new Set<Promise<void>>();
  return {
    track(ended, giveUp) {
      const over: Promise<void> = ended.then(
        () => void exchanges.delete(over),
        (error: unknown) => {
          exchanges.delete(over);
          onFailure(error);
          giveUp();
        },
      );
      exchanges.add(over);
    },
    settled: () => Promise.all(exchanges).then(() => undefined),
  };
}

/** The state that exchanges share, and what aborts the answers that faults hold back. */
function openState(
  options: SinkOptions,
  archive: ArchiveWriter,
  { onEnded, onAmended, onFailure }: Pick<SinkState, 'onEnded' | 'onAmended' | 'onFailure'>,
): { sink: SinkState; close: () => void } {
  const { clock, startedMs, random, identify, match, logNowMs = () => clock.nowMs() } = options;
  const closing = new AbortController();
  let sequence = 0;
  const needs = {
    clock,
    random,
    match(condition: string) {
      invariant(match, `the sink was given nothing to read the condition "${condition}" with`);
      return match(condition);
    },
    identify: (view: RecordView) => identify?.(view),
  };
  const sink: SinkState = {
    clock,
    archive,
    inbox: new Inbox(options.onRecords, onFailure),
    faults: new FaultDesk(options.faults, needs, startedMs),
    namer: new RequestNamer(identify),
    openRequests: new OpenRequests(clock),
    idleConnections: new IdleConnections(clock, closing.signal),
    connections: new OpenConnections(),
    hasty: new HastyRequests(clock),
    closing: closing.signal,
    oldestStoredMs: () => logNowMs() - storedForMs,
    nextSequence: () => ++sequence,
    onFault: (kind, atMs) => options.onFault?.(kind, atMs),
    onEnded,
    onAmended,
    onFailure,
  };
  return { sink, close: () => closing.abort() };
}
