// The thread that runs the sink and the ledger: what arrives is decoded, booked and archived here, and judged here at the end.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { openClock, type ClockOrigin } from '../core/clock.ts';
import type { RunFact } from '../core/model/invocation.ts';
import type { SinkCounts } from '../core/model/result.ts';
import type { EgressAddress, TargetResources } from '../core/model/trigger.ts';
import { randomSource } from '../core/random.ts';
import { postEvent, serveThread, threadData } from '../core/thread.ts';
import {
  identifyRequest,
  leftOutOf,
  layoutOf,
  matchRecords,
  openLedger,
  type Judgement,
  type LedgerProgress,
} from '../oracle/index.ts';
import type { FixedPorts } from '../scenario/endpoint-plan.ts';
import type { Plan } from '../scenario/plan.ts';
import type { ResolvedFault } from '../scenario/faults.ts';
import { openArchive } from '../sink/archive.ts';
import type { Egress } from '../sink/egress/index.ts';
import { openSink, type SinkFaultConfig } from '../sink/index.ts';
import { openCeilingProbe, type Booked, type CeilingProbe } from './ceiling-probe.ts';
import { formatsOf, openCorpus } from './corpus.ts';
import { judgeArchive } from './judgement.ts';

export interface SinkThreadData {
  readonly plan: Plan;
  readonly clock: ClockOrigin;
  readonly startedMs: number;
  /** The run's folder. */
  readonly folder: string;
  /** Takes any key besides the plan's. */
  readonly takesAnyKey: boolean;
  /** Where it has to listen; any free ports without. */
  readonly ports: FixedPorts | undefined;
}

export interface SinkUrls {
  readonly url: string;
  readonly jsonUrl: string;
  readonly otlpUrl: string;
  readonly grpcUrl: string;
}

export interface SinkState {
  readonly openRequests: number;
  readonly nextDueMs?: number;
  readonly arrivals: LedgerProgress;
  readonly counts: SinkCounts;
  readonly faultsFired: Readonly<Record<string, number>>;
}

interface JudgeCall {
  readonly facts: readonly RunFact[];
  readonly faultsFired: Readonly<Record<string, number>>;
  readonly resources?: TargetResources;
}

const { plan, clock: origin, startedMs, folder, takesAnyKey, ports } = threadData<SinkThreadData>();
const clock = openClock(origin);
const archiveFolder = join(folder, 'archive');
const corpus = await openCorpus(plan.traffic, plan.seed);
const formats = formatsOf(corpus);
/** Log time is the end of the corpus's last window plus the time since. */
const logEndMs = corpus.objects.reduce((latest, object) => Math.max(latest, object.slotEndMs), 0);
const { layout } = layoutOf(plan.promises);
const ledger = openLedger({
  fields: formats,
  seed: plan.seed,
  folder: join(folder, 'ledger'),
  leftOut: leftOutOf(plan.promises),
  dropped: plan.promises.fields.dropped,
  ...(layout ? { layout } : {}),
});
const sink = await openSink({
  clock,
  random: randomSource(plan.seed).split('sink'),
  startedMs,
  ...plan.sink,
  takesAnyKey,
  ...(ports ? { port: ports.sink, otlpPort: ports.otlp } : {}),
  folder: archiveFolder,
  faults: faultsOf('sink.') as readonly SinkFaultConfig[],
  identify: identifyRequest(formats, layout),
  match: matchRecords(formats, layout),
  logNowMs: () => logEndMs + (clock.nowMs() - startedMs),
  onRecords: (sequence, show) => ledger.arriveAll(sequence, show),
  onFault: (kind, atMs) => postEvent({ type: 'fault', kind, atMs } satisfies RunFact),
});

let probe: CeilingProbe | undefined;
let egress: Egress | undefined;

function faultsOf(room: string): readonly ResolvedFault[] {
  return plan.faults.filter(({ kind }) => kind.startsWith(room));
}

/** Those that nobody could provoke, for want of a way out, are counted too. */
function faultsFired(): Record<string, number> {
  const none = Object.fromEntries(plan.faults.map(({ kind }) => [kind, 0]));
  return { ...none, ...sink.faultsFired(), ...egress?.faultsFired() };
}

const calls = {
  urls: (): SinkUrls => ({ url: sink.url, jsonUrl: sink.jsonUrl, otlpUrl: sink.otlpUrl, grpcUrl: sink.grpcUrl }),
  /** Opens the way out by real names; loaded only for targets that have one. */
  openEgress: async (storeEndpoint: string): Promise<EgressAddress> => {
    const { openEgress } = await import('../sink/egress/index.ts');
    egress = await openEgress({
      clock,
      startedMs,
      random: randomSource(plan.seed).split('net'),
      folder,
      faults: faultsOf('net.'),
      storeEndpoint,
      acceptHttp: (connection) => sink.accept(connection),
      acceptHttp2: (connection) => sink.acceptGrpc(connection),
      onRefused: ({ host, port }, atMs) => postEvent({ type: 'egress-refused', host, port, atMs } satisfies RunFact),
      onFault: (kind, atMs) => postEvent({ type: 'fault', kind, atMs } satisfies RunFact),
    });
    return { proxyUrl: egress.proxyUrl, caFile: egress.caFile };
  },
  state: (): SinkState => {
    sink.checkHealth();
    ledger.flush();
    const nextDueMs = sink.nextDueMs();
    return {
      openRequests: sink.openRequests(),
      ...(nextDueMs === undefined ? {} : { nextDueMs }),
      arrivals: ledger.progress(),
      counts: sink.counts(),
      faultsFired: faultsFired(),
    };
  },
  closeIdleConnections: (jumpMs: number): void => sink.closeIdleConnections(jumpMs),
  /** The conductor has skipped time. */
  wake: (): void => clock.wake(),
  /** Takes no more requests; resolves when all that was kept is decoded, booked and archived. */
  close: async (): Promise<void> => {
    await sink.idle();
    await egress?.[Symbol.asyncDispose]();
    await sink[Symbol.asyncDispose]();
  },
  /** `faultsFired`: of the faults that strike elsewhere. */
  judge: async (input: JudgeCall): Promise<Judgement> => {
    const archive = await openArchive(archiveFolder);
    const fired = { ...faultsFired(), ...input.faultsFired };
    const run = { plan, corpus, archive, ledger, isCorpusBooked: true, folder };
    return judgeArchive({ ...run, ...input, faultsFired: fired });
  },
  /** Opens a second sink like this one, to be measured when the run is over. */
  openProbe: async (): Promise<Pick<SinkUrls, 'url' | 'otlpUrl'>> => {
    probe = await openCeilingProbe({ plan, clock, fields: formats, folder });
    return { url: probe.url, otlpUrl: probe.otlpUrl };
  },
  probed: (): Booked => probe!.booked(),
  closeProbe: async (): Promise<void> => {
    await probe![Symbol.asyncDispose]();
    probe = undefined;
  },
  /** Gives the ledger's memory and files back. */
  forget: async (): Promise<void> => {
    await ledger[Symbol.asyncDispose]();
    await rm(ledger.options.folder, { recursive: true, force: true });
  },
};

export type SinkThreadCalls = typeof calls;

serveThread(calls);
