// Joins the rooms: opens the parts of a plan in the order in which they need each other, writes the corpus, waits until all is
// over, judges, and closes in reverse. Nothing announces to a dead target, and no target posts to a dead sink.

import { availableParallelism, arch, platform } from 'node:os';
import { join } from 'node:path';

import { openClock, type SkippableClock } from '../core/clock.ts';
import { ownResources, type Host } from '../core/host.ts';
import type { Corpus } from '../core/model/corpus.ts';
import type { EndedFact, RunFact } from '../core/model/invocation.ts';
import type { RunResult } from '../core/model/result.ts';
import type {
  EgressAddress,
  Report,
  Store,
  StoreNotifications,
  StoreRequest,
  Target,
  Trigger,
} from '../core/model/trigger.ts';
import { randomSource } from '../core/random.ts';
import { openScope, type Scope } from '../core/scope.ts';
import { openThread, type Thread } from '../core/thread.ts';
import type { FixedPorts } from '../scenario/endpoint-plan.ts';
import type { Plan } from '../scenario/plan.ts';
import { timeLimitOf } from '../scenario/target-plan.ts';
import { openQueues, type Queues } from '../triggers/queues.ts';
import { openCorpus } from './corpus.ts';
import { drain } from './drain.ts';
import { createRunFolder, writeScenario, type RunFolder } from './folder.ts';
import { measureHeadroom } from './headroom.ts';
import { countFaults, isConductorsFault } from './judgement.ts';
import { openReadNotes, type ReadNotes } from './reads.ts';
import { resultOf, type Measured } from './result.ts';
import type { SinkState, SinkThreadCalls } from './sink-thread.ts';
import { storeNotices, type StoreNotices } from './store-notifications.ts';
import { openNotifications, openPlannedStore } from './store.ts';
import { openPlannedTarget, type TargetNeeds } from './target.ts';
import { skipIdleTime } from './time-skip.ts';
import { planStoreFaults, type StoreFaultsOfRun } from './store-faults.ts';
import { openPlannedTrigger, type TriggerNeeds } from './trigger.ts';
import { writeObjects } from './write-objects.ts';
import type { WriterCalls, WriterData } from './writer-thread.ts';

export type Phase = 'open' | 'load' | 'drain' | 'judge';

/** What a status line can show; sent a few times a second at most. */
export interface Progress {
  readonly phase: Phase;
  readonly objectsStored: number;
  readonly objects: number;
  readonly arrived: number;
  /** Each line once, about. */
  readonly different: number;
  /** About so many came again. */
  readonly doubled: number;
  readonly lines: number;
  readonly elapsedMs: number;
}

export interface RunOptions {
  readonly host: Pick<Host, 'env' | 'nodePath' | 'nodeVersion'>;
  readonly version: string;
  /** Where run folders go. */
  readonly out: string;
  /** Ends the run early: what there is gets judged, as unknown. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** A target of the caller's own in place of the plan's. */
  readonly openTarget?: (needs: TargetNeeds) => Promise<Target>;
  /** A trigger of the caller's own in place of the plan's. */
  readonly openTrigger?: (needs: TriggerNeeds, signal: AbortSignal) => Trigger;
  /** Sees every request to the store. */
  readonly onStoreRequest?: (request: StoreRequest) => void;
  /** The sink takes any key: code with one of its own runs unchanged. */
  readonly takesAnyKey?: boolean;
  /** Measures after the run how near it came to what the sink takes; default true. */
  readonly measuresHeadroom?: boolean;
}

const progressEveryMs = 100;

export async function runPlan(plan: Plan, options: RunOptions): Promise<RunResult> {
  const own = ownResources();
  await using scope = openScope();
  const clock = openClock();
  const startedMs = clock.nowMs();
  const folder = scope.use(createRunFolder(options.out, plan.name, startedMs));
  let begun = false;
  scope.defer(() => void (begun || folder.discard()));
  writeScenario(folder, plan.resolved);
  const facts: RunFact[] = [];
  const failing = new AbortController();
  // Called from where nobody waits for it: what cannot be written ends the run by the signal.
  const report: Report = (fact) => {
    facts.push(fact);
    try {
      folder.record(fact);
    } catch (error) {
      failing.abort(error);
    }
  };
  const parts = await openParts(plan, { options, scope, clock, startedMs, folder: folder.path, report, failing });
  folder.begin();
  begun = true;
  const how = await loadAndDrain(plan, { ...parts, options, clock, report, startedMs, failing });
  // Before the end is told: one that polls may flush while it stops, and delete messages.
  await parts.target[Symbol.asyncDispose]();
  const ended: EndedFact = { type: 'ended', atMs: clock.nowMs(), how, skippedMs: clock.skippedMs() };
  report(ended);
  failing.signal.throwIfAborted();
  writeDeadLetters(folder, parts.queues);
  const targetResources = parts.target.resources();
  await parts.sink.call('close');
  const state = await parts.sink.call('state');
  options.onProgress?.({
    phase: 'judge',
    objectsStored: facts.filter((fact) => fact.type === 'stored').length,
    objects: parts.corpus.objects.length,
    ...state.arrivals,
    lines: parts.corpus.lineCount,
    elapsedMs: ended.atMs - startedMs,
  });
  const faultsFired = { ...state.faultsFired, ...countFaults(plan.faults.filter(isConductorsFault), facts) };
  const [judgement, fingerprint] = await Promise.all([
    parts.sink.call('judge', { facts, faultsFired, ...(targetResources && { resources: targetResources }) }),
    parts.writer.call('fingerprint'),
  ]);
  await parts.sink.call('forget');
  const endedMs = clock.nowMs();
  const rig = ownResources();
  // After all that is measured of the run, so that it disturbs nothing.
  const headroom = await measureHeadroom(plan, { judgement, sink: parts.sink, clock, folder: folder.path, ...options });
  const result = resultOf(plan, {
    version: options.version,
    startedMs,
    endedMs,
    skippedMs: clock.skippedMs(),
    environment: { platform: platform(), arch: arch(), cores: availableParallelism(), node: options.host.nodeVersion },
    corpus: describeCorpus(parts.corpus, fingerprint),
    target: describeTarget(parts.target),
    facts,
    sink: state.counts,
    faultsFired,
    resources: {
      ...(targetResources ? { target: targetResources } : {}),
      rig: { cpuS: rig.cpuS - own.cpuS, rssPeakBytes: rig.rssPeakBytes },
    },
    headroom,
    judgement,
    folder: folder.path,
  });
  folder.writeText('result.json', `${JSON.stringify(result, undefined, 2)}\n`);
  return result;
}

interface Parts {
  readonly corpus: Corpus;
  readonly writer: Thread<WriterCalls>;
  readonly sink: Thread<SinkThreadCalls>;
  readonly store: Store;
  readonly reads: ReadNotes;
  readonly storeFaults: StoreFaultsOfRun;
  readonly notices: StoreNotices;
  readonly queues: Queues;
  /** Of a store that sends them, where the trigger wants them. */
  readonly notifications: StoreNotifications | undefined;
  readonly target: Target;
}

interface Opening {
  readonly options: RunOptions;
  readonly scope: Scope;
  readonly clock: SkippableClock;
  readonly startedMs: number;
  readonly folder: string;
  readonly report: Report;
  /** Aborted with the reason why the run cannot go on. */
  readonly failing: AbortController;
}

async function openParts(plan: Plan, opening: Opening): Promise<Parts> {
  const { options, scope, clock, startedMs, folder, report, failing } = opening;
  const { traffic, seed } = plan;
  const ports = options.openTarget ? undefined : fixedPorts(plan);
  const random = randomSource(seed);
  const reads = openReadNotes(plan.store.bucket, clock, report);
  const writer = scope.use(
    openThread<WriterCalls>(import.meta.url, './writer-thread', {
      data: { traffic, seed, book: { promises: plan.promises, folder: join(folder, 'ledger') } } satisfies WriterData,
    }),
  );
  const sink = scope.use(
    openThread<SinkThreadCalls>(import.meta.url, './sink-thread', {
      data: { plan, clock: clock.origin, startedMs, folder, takesAnyKey: options.takesAnyKey ?? false, ports },
      onEvent: (event) => report(event as RunFact),
    }),
  );
  const storeFaults = planStoreFaults(plan, { startedMs, report });
  const opened: { queues?: Queues } = {};
  const notices = storeNotices(plan, () => opened.queues!);
  const openStore = async (): Promise<{ store: Store; egress?: EgressAddress }> => {
    const store = scope.use(
      await openPlannedStore(plan, {
        clock,
        random: random.split('store'),
        env: options.host.env,
        folder: join(folder, 'store'),
        ...(ports ? { port: ports.s3 } : {}),
        notifications: notices,
        ...(storeFaults.options ? { faults: storeFaults.options } : {}),
        onRequest: (request) => {
          reads.note(request);
          options.onStoreRequest?.(request);
        },
      }),
    );
    await store.createBucket(plan.store.bucket);
    // Nobody sets variables for a target of the caller's own.
    return options.openTarget ? { store } : { store, egress: await sink.call('openEgress', store.address.endpoint) };
  };
  const [corpus, urls, { store, egress }] = await Promise.all([
    openCorpus(traffic, seed),
    sink.call('urls'),
    openStore(),
  ]);
  storeFaults.know(corpus);
  const queues = scope.use(
    await openQueues({
      config: plan.trigger,
      clock,
      random: random.split('queues'),
      region: store.address.region,
      storeEndpoint: store.address.endpoint,
      functionTimeoutMs: timeLimitOf(plan.target),
    }),
  );
  opened.queues = queues;
  const needs = { clock, address: store.address, queues, sink: urls, folder, corpus };
  const target = scope.use(
    options.openTarget
      ? await options.openTarget(needs)
      : await openPlannedTarget(plan, needs, { scope, random, host: options.host, egress: egress! }),
  );
  const notifications = await openNotifications(plan, store, failing);
  if (notifications) scope.use(notifications);
  return { corpus, writer, sink, store, storeFaults, notices, reads, queues, notifications, target };
}

/** Of a target that was started before the run. */
function fixedPorts({ target }: Plan): FixedPorts | undefined {
  return target.kind === 'lambda-endpoint' ? target.ports : undefined;
}

interface Loading extends Parts {
  readonly options: RunOptions;
  readonly clock: SkippableClock;
  readonly report: Report;
  readonly startedMs: number;
  /** Aborted with the reason why the run cannot go on. */
  readonly failing: AbortController;
}

/** Writes the corpus, announcing each object, and waits until all is over or the caller has had enough. */
async function loadAndDrain(plan: Plan, loading: Loading): Promise<EndedFact['how']> {
  const { options, clock, corpus, sink, store, storeFaults, notices, target, failing } = loading;
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, closing.signal, failing.signal]);
  await using trigger = options.openTrigger?.(loading, signal) ?? openPlannedTrigger(plan, loading, signal);
  storeFaults.onOverwrite = (stored) => trigger.notify(stored);
  notices.lead(trigger);
  let phase: Phase = 'load';
  let isPausing = false;
  let objectsStored = 0;
  let state: SinkState | undefined;
  const look = async (): Promise<SinkState> => (state = await sink.call('state'));
  const progress = showProgress(loading, signal, async () => {
    const { arrivals } = await look();
    return { phase, objectsStored, objects: corpus.objects.length, ...arrivals, lines: corpus.lineCount };
  });
  const isBusy = (): boolean =>
    (phase === 'load' && !isPausing) ||
    target.runningCount() > 0 ||
    store.openRequests() > 0 ||
    trigger.pendingCount() > trigger.waitingCount();
  const closeIdleConnections = async (jumpMs: number): Promise<void> => {
    store.closeIdleConnections(jumpMs);
    await sink.call('closeIdleConnections', jumpMs);
  };
  const onSkip = (): Promise<void> => sink.call('wake');
  const skipping =
    plan.waits === 'skip' && target.drive === 'invoked'
      ? skipIdleTime(clock, { isBusy, sinkState: look, closeIdleConnections, onSkip }, signal)
      : Promise.resolve();
  // Nobody waits for these yet: what goes wrong in them ends the run at once.
  for (const beside of [skipping, progress]) beside.catch((error: unknown) => failing.abort(error));
  try {
    await writeObjects(plan, {
      ...loading,
      signal,
      onPause: (isOn) => void (isPausing = isOn),
      onStored(stored) {
        objectsStored++;
        trigger.notify(stored);
      },
    });
    phase = 'drain';
    return await drain(
      clock,
      {
        pendingCount: () => trigger.pendingCount(),
        isWaitingOnPurpose: () => target.runningCount() > 0 || trigger.waitingCount() > 0,
        openRequests: async () => (await look()).openRequests + store.openRequests(),
        movement: () => (state?.counts.requests ?? 0) + (state?.counts.bytesReceived ?? 0) + trigger.movement(),
      },
      { limitMs: plan.drain.limitMs, quietMs: target.drive === 'polling' ? plan.drain.quietMs : 0 },
      signal,
    );
  } catch (error) {
    failing.signal.throwIfAborted();
    if (!options.signal.aborted) throw error;
    return 'interrupted';
  } finally {
    closing.abort();
    await Promise.allSettled([skipping, progress]);
  }
}

async function showProgress(
  { options, clock, startedMs }: Loading,
  signal: AbortSignal,
  look: () => Promise<Omit<Progress, 'elapsedMs'>>,
): Promise<void> {
  if (!options.onProgress) return;
  while (!signal.aborted) {
    options.onProgress({ ...(await look()), elapsedMs: clock.nowMs() - startedMs });
    await clock.machineSleep(progressEveryMs, signal).catch(() => undefined);
  }
}

/** What was given up on, one message a line, as the dead-letter queue or the on-failure destination holds it. */
function writeDeadLetters(folder: RunFolder, { deadLetters }: Queues): void {
  const { bodies } = deadLetters;
  if (bodies.length > 0) folder.writeText('dead-letters.ndjson', `${bodies.join('\n')}\n`);
}

function describeCorpus({ version, lineCount, objects }: Corpus, fingerprint: string): Measured['corpus'] {
  return { fingerprint, version, lines: lineCount, objects: objects.length };
}

function describeTarget({
  kind,
  runtime,
  interpreter,
  codeSha256,
  limits,
  notes,
  restarts,
}: Target): RunResult['target'] {
  return {
    kind,
    ...(runtime === undefined ? {} : { runtime }),
    ...(interpreter === undefined ? {} : { interpreter }),
    ...(codeSha256 === undefined ? {} : { codeSha256 }),
    ...(limits === undefined ? {} : { limits }),
    ...(notes === undefined ? {} : { notes }),
    ...(restarts === undefined ? {} : { restarts: restarts() }),
  };
}
