// A sandbox, Lambda's execution environment: it takes one event at a time, and outlives its process. Where the process was ended by
// a time limit, a crash or its memory, the next event starts another one inside the function's own time limit.

import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import type { Clock } from '../core/clock.ts';
import type { InvocationOutcome, InvocationUsage } from '../core/model/invocation.ts';
import type { InvocationResult, TargetEvent, TargetResources } from '../core/model/trigger.ts';
import { killProcess } from '../core/process-group.ts';
import type { RandomSource } from '../core/random.ts';
import { formatInstant } from '../core/units.ts';
import { exitWords, type Exit } from './exit.ts';
import { folderBytes } from './folder-size.ts';
import type { FunctionLog, InvocationReport } from './function-log.ts';
import type { FunctionFacts, SandboxSettings } from './function.ts';
import type { Cgroup, Cgroups } from './cgroups.ts';
import type { ShutdownReason } from './extension-desk.ts';
import { openOutputFile, type OutputFile } from './output-file.ts';
import type { Runtime, RuntimeEvent, RuntimePlace } from './runtime.ts';
import { newTraceId, randomHex } from './trace-id.ts';
import type { Watchdog } from './watchdog.ts';

export interface SandboxOptions {
  readonly settings: FunctionFacts;
  readonly newRuntime: (place: RuntimePlace) => Runtime;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly watchdog: Watchdog;
  readonly log: FunctionLog;
  /** Where the machine has them: else it is watched by polling. */
  readonly cgroups: Cgroups | undefined;
  /** Its own: home and temporary files lie below, and go with it. */
  readonly folder: string;
}

/** The first init may take this long whatever the function's limit is (Lambda guide, "Understanding the Lambda execution environment lifecycle"). */
const initLimitMs = 10_000;

/** Processes and threads that a sandbox may have (Lambda guide, "Lambda quotas"). */
export const processLimit = 1024;

/** /tmp of a function that says nothing of it (Lambda guide, "Configure ephemeral storage for Lambda functions"). */
const storageLimitBytes = 512 * 1024 ** 2;

/** Looked at twice a second: it may be a walk through many files. */
const storageEvery = 10;

/** A function with 1,769 MB has one core (Lambda guide, "Configure Lambda function memory"). */
function coresOf(memoryBytes: number): number {
  return memoryBytes / 1024 ** 2 / 1769;
}

type Happening = RuntimeEvent | { readonly type: 'limit' | 'aborted' };

type Answer = Extract<RuntimeEvent, { type: 'response' | 'error' }>;

/** How an invocation begins: from when its time limit counts (machine time), and what the init came to. */
interface Beginning {
  readonly sinceMs: number;
  readonly initMs?: number;
  readonly failure?: InvocationOutcome;
}

export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #own: SandboxSettings;
  readonly #output: OutputFile;
  readonly #cgroup: Cgroup | undefined;
  #process: Runtime | undefined;
  /** Machine time of what the runtime did last: there its invocation ends, whatever is done with it then. */
  #happenedMs = 0;
  /** A first init has a time limit of its own. */
  #isNew = true;
  /** Of the inits that failed for the event that it has. */
  #initReports: string[] = [];
  #watches = 0;
  #cpuOfDeadS = 0;
  #rssPeakBytes = 0;
  /** CPU time that earlier invocations were told of. */
  #cpuReportedS = 0;
  #billedMs = 0;

  constructor(options: SandboxOptions) {
    const { clock, random, folder } = options;
    const day = formatInstant(clock.nowMs()).slice(0, 10).replaceAll('-', '/');
    const logStream = `${day}/[$LATEST]${randomHex(random, 32)}`;
    this.#options = options;
    this.#own = { folder, home: path.join(folder, 'home'), tmp: path.join(folder, 'tmp'), logStream };
    for (const made of [this.#own.home, this.#own.tmp]) mkdirSync(made, { recursive: true, mode: 0o700 });
    this.#output = openOutputFile(path.join(folder, 'output'), {
      onOutput: (chunk) => options.log.write(chunk),
      onSkipped: (sizeBytes) => options.log.skip(sizeBytes),
      isSated: () => options.log.isFull(),
    });
    const { memoryBytes, cpu } = options.settings;
    this.#cgroup = options.cgroups?.create({ memoryBytes, processes: processLimit, cpu: cpu === 'share' });
    this.#cgroup?.folders.forEach((group) => options.watchdog.guard(group));
  }

  /** Takes one event to its end. Frozen or without a process when it resolves. Never rejects for what the function did. */
  async invoke(event: TargetEvent, signal: AbortSignal): Promise<InvocationResult> {
    const { clock, log, settings } = this.#options;
    const { requestId } = event;
    const startedMs = clock.nowMs();
    if (event.fault?.cold === true) await this.#renew();
    const cold = !this.#isAlive();
    log.start(requestId);
    this.#output.mark();
    this.#initReports = [];
    const { sinceMs, initMs, failure } = await this.#begin(requestId, signal);
    const outcome = failure ?? (await this.#run(event, sinceMs + settings.timeoutMs, signal));
    const usage = this.#report(requestId, outcome, this.#happenedMs - sinceMs, initMs);
    return { outcome, startedMs, endedMs: clock.nowMs(), cold, usage };
  }

  /** Writes what Lambda writes after an invocation, and tells what it used. */
  #report(
    requestId: string,
    outcome: InvocationOutcome,
    durationMs: number,
    initMs: number | undefined,
  ): InvocationUsage {
    const { log, settings } = this.#options;
    this.#output.drain();
    if (outcome.status !== 'succeeded') log.line(outcome.message);
    this.#process?.sample(true);
    const rssPeakBytes = this.#process?.usage.rssPeakBytes ?? 0;
    // Init counts as billed time (AWS, "AWS Lambda standardizes billing for INIT Phase", August 2025).
    const billedMs = Math.ceil(durationMs + (initMs ?? 0));
    log.end({
      requestId,
      durationMs,
      billedMs,
      memorySizeMib: Math.floor(settings.memoryBytes / 1024 ** 2),
      memoryUsedBytes: rssPeakBytes,
      ...(initMs === undefined ? {} : { initMs }),
      ...statusOf(outcome),
    });
    const cpuS = this.#cpuOfDeadS + (this.#process?.usage.cpuS ?? 0);
    const usedS = cpuS - this.#cpuReportedS;
    this.#cpuReportedS = cpuS;
    this.#billedMs += billedMs;
    return { cpuS: usedS, rssPeakBytes, billedMs };
  }

  /** Hands output on, and looks at its limits: who is over one is killed, as Lambda does it for memory. */
  watch(): void {
    this.#output.drain();
    const running = this.#process;
    if (!running || running.isOver || running.isFrozen) return;
    running.sample();
    if (running.isOverMemory()) running.killFor('memory');
    else if (running.usage.processes > processLimit) running.killFor('processes');
    else if (this.#watches++ % storageEvery === 0 && this.#isOverStorage()) running.killFor('storage');
  }

  #isOverStorage(): boolean {
    return folderBytes(this.#own.tmp) > storageLimitBytes;
  }

  /** What all its processes used, the dead ones included. */
  resources(): Required<Omit<TargetResources, 'logBytes'>> {
    this.#process?.sample();
    const { cpuS, rssPeakBytes } = this.#process?.usage ?? { cpuS: 0, rssPeakBytes: 0 };
    const memoryGib = this.#options.settings.memoryBytes / 1024 ** 3;
    return {
      cpuS: this.#cpuOfDeadS + cpuS,
      rssPeakBytes: Math.max(this.#rssPeakBytes, rssPeakBytes),
      gbSeconds: (this.#billedMs / 1000) * memoryGib,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.shutDown('spindown');
    this.#output.drain();
    this.#output[Symbol.dispose]();
    await this.#removeCgroup();
    rmSync(this.#options.folder, { recursive: true, force: true });
  }

  /** As if another sandbox took its place: no process, no temporary files, and a first init before it. */
  async #renew(): Promise<void> {
    await this.#process?.shutDown('spindown');
    rmSync(this.#own.tmp, { recursive: true, force: true });
    mkdirSync(this.#own.tmp, { mode: 0o700 });
    this.#isNew = true;
  }

  /** The kernel lets go of a group when the last process in it is dead, not when it was killed. */
  async #removeCgroup(): Promise<void> {
    const { clock, watchdog } = this.#options;
    if (!this.#cgroup) return;
    for (let tries = 0; !this.#cgroup.remove() && tries < 200; tries++) {
      this.#cgroup.processes().forEach(killProcess);
      await clock.machineSleep(5);
    }
    this.#cgroup.folders.forEach((group) => watchdog.release(group));
  }

  #isAlive(): boolean {
    return this.#process !== undefined && !this.#process.isOver;
  }

  /** A first init that failed or took too long is repeated, and counts against the function's own limit then, as on Lambda. */
  async #begin(requestId: string, signal: AbortSignal): Promise<Beginning> {
    const { clock, settings } = this.#options;
    const startedMs = clock.machineNowMs();
    if (this.#isAlive()) {
      await this.#process!.wake();
      return { sinceMs: clock.machineNowMs() };
    }
    if (this.#isNew) {
      this.#isNew = false;
      const happened = await this.#startProcess(initLimitMs, signal);
      const sinceMs = clock.machineNowMs();
      if (happened.type === 'next') return { sinceMs, initMs: sinceMs - startedMs };
      this.#reportInit('init', happened, startedMs);
    }
    const sinceMs = clock.machineNowMs();
    const happened = await this.#startProcess(settings.timeoutMs, signal);
    if (happened.type === 'next') return { sinceMs };
    this.#reportInit('invoke', happened, sinceMs);
    return { sinceMs, failure: this.#failure(requestId, happened) };
  }

  /** An init that failed has a line of its own (Lambda guide, "Understanding the Lambda execution environment lifecycle", init failures). */
  #reportInit(phase: 'init' | 'invoke', happened: Happening, startedMs: number): void {
    if (happened.type === 'aborted') return;
    const durationMs = this.#happenedMs - startedMs;
    const errorType = errorTypeOf(happened);
    const status = happened.type === 'limit' ? 'Status: timeout' : `Status: error\tError Type: ${errorType}`;
    this.#output.drain();
    const line = `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms\tPhase: ${phase}\t${status}`;
    this.#options.log.line(line);
    this.#initReports.push(line);
  }

  /** Anything but `next` leaves no process. */
  async #startProcess(limitMs: number, signal: AbortSignal): Promise<Happening> {
    this.#happenedMs = this.#options.clock.machineNowMs();
    if (signal.aborted) return { type: 'aborted' };
    const before = this.resources();
    const { settings, newRuntime } = this.#options;
    const started = newRuntime({ sandbox: this.#own, output: this.#output.descriptor, cgroup: this.#cgroup });
    this.#process = started;
    [this.#cpuOfDeadS, this.#rssPeakBytes] = [before.cpuS, before.rssPeakBytes];
    // The init has a whole core or more, whatever the function's memory is.
    if (settings.cpu === 'share') await started.limitCpu(undefined);
    await started.start();
    const happened = await this.#happening(started, limitMs, signal);
    if (happened.type !== 'next') await started.shutDown(reasonOf(happened));
    else if (settings.cpu === 'share') await started.limitCpu(coresOf(settings.memoryBytes));
    return happened;
  }

  async #happening(running: Runtime, limitMs: number, signal: AbortSignal): Promise<Happening> {
    const happened = await running.happening(limitMs, signal);
    this.#happenedMs = this.#options.clock.machineNowMs();
    return happened;
  }

  /** Lambda ends an invocation when the runtime asks for the next one: what the handler runs until then still counts. */
  async #run(event: TargetEvent, deadlineMs: number, signal: AbortSignal): Promise<InvocationOutcome> {
    const { requestId, payload, fault } = event;
    const { clock, random } = this.#options;
    const running = this.#process!;
    const traceId = newTraceId(clock.nowMs(), random.split(requestId));
    running.deliver({ requestId, body: JSON.stringify(payload), deadlineMs, traceId });
    const killAtMs = clock.machineNowMs() + (fault?.killAfterMs ?? NaN);
    let answer: Answer | undefined;
    for (;;) {
      const untilMs = killAtMs < deadlineMs ? killAtMs : deadlineMs;
      const happened = await this.#happening(running, untilMs - clock.machineNowMs(), signal);
      // A fault kills it at its time, and at the latest when it has answered.
      const isKilled = happened.type === 'limit' ? untilMs === killAtMs : happened.type !== 'aborted';
      if (fault?.killAfterMs !== undefined && isKilled) return this.#killByFault(requestId);
      if (happened.type === 'response' || happened.type === 'error') answer = happened;
      else if (happened.type === 'next' && answer) return this.#outcomeOf(requestId, answer);
      else {
        await running.shutDown(reasonOf(happened));
        // A runtime may tell of an error and end with it, as AWS's client for Go does after a panic.
        return this.#failure(requestId, happened.type === 'exit' && answer?.type === 'error' ? answer : happened);
      }
    }
  }

  async #killByFault(requestId: string): Promise<InvocationOutcome> {
    await this.#process!.kill();
    this.#output.drain();
    const message = `RequestId: ${requestId} Error: ${runtimeExit({ code: null, signal: 'SIGKILL' })}`;
    const lastOutput = this.#output.tail();
    return { status: 'failed', errorType: 'Runtime.ExitError', message, ...(lastOutput && { lastOutput }) };
  }

  /** What passed a limit without anybody looking is found out here, before the sandbox is used again. */
  async #outcomeOf(requestId: string, answer: Answer): Promise<InvocationOutcome> {
    const running = this.#process!;
    await running.rest();
    const killedFor = running.isOverMemory() ? 'memory' : this.#isOverStorage() ? 'storage' : undefined;
    if (killedFor !== undefined) {
      running.killFor(killedFor);
      await running.kill();
      return this.#failure(requestId, { type: 'exit', code: null, signal: 'SIGKILL', killedFor });
    }
    if (answer.type === 'error') return this.#failure(requestId, answer);
    return { status: 'succeeded', payload: parsePayload(answer.body) };
  }

  #failure(requestId: string, happened: Happening): InvocationOutcome {
    this.#output.drain();
    const text = [this.#output.tail() ?? '', ...this.#initReports].filter(Boolean).join('\n');
    const lastOutput = text === '' ? {} : { lastOutput: text };
    switch (happened.type) {
      case 'error':
      case 'init-error':
        return { status: 'failed', ...happened.error, ...lastOutput };
      case 'limit': {
        const seconds = (this.#options.settings.timeoutMs / 1000).toFixed(2);
        return { status: 'timed-out', message: `${requestId} Task timed out after ${seconds} seconds`, ...lastOutput };
      }
      case 'extension-exit': {
        const words = happened.code === 0 ? 'exit code 0' : exitWords(happened);
        const message = `RequestId: ${requestId} Error: ${words}`;
        return { status: 'failed', errorType: happened.errorType, message, ...lastOutput };
      }
      case 'exit': {
        const message = `RequestId: ${requestId} Error: ${runtimeExit(happened)}`;
        if (happened.killedFor === 'memory') return { status: 'out-of-memory', message, ...lastOutput };
        if (happened.killedFor !== undefined) {
          const reason = `RequestId: ${requestId} Error: ${limitWords[happened.killedFor]}`;
          return { status: 'failed', errorType: 'Runtime.ExitError', message: reason, ...lastOutput };
        }
        return { status: 'failed', errorType: errorTypeOf(happened), message, ...lastOutput };
      }
      default:
        return {
          status: 'failed',
          errorType: 'Interrupted',
          message: `${requestId} The run was interrupted.`,
          ...lastOutput,
        };
    }
  }
}

/** What its extensions hear of it. */
function reasonOf({ type }: Happening): ShutdownReason {
  if (type === 'limit') return 'timeout';
  return type === 'aborted' ? 'spindown' : 'failure';
}

/** As Lambda's REPORT lines end, where the function neither answered nor told of an error of its own. */
function statusOf(outcome: InvocationOutcome): Pick<InvocationReport, 'status' | 'errorType'> {
  if (outcome.status === 'timed-out') return { status: 'timeout' };
  if (outcome.status === 'out-of-memory') return { status: 'error', errorType: 'Runtime.OutOfMemory' };
  if (outcome.status === 'failed' && /^(?:Runtime\.ExitError|Extension\.\w+)$/.test(outcome.errorType)) {
    return { status: 'error', errorType: outcome.errorType };
  }
  return {};
}

/** Lambda fails the call that passes these limits; here the sandbox ends. */
const limitWords = {
  processes: 'killed for more processes than the 1,024 that Lambda allows',
  storage: 'killed for more than 512 MB in TMPDIR, all that Lambda has in /tmp: No space left on device',
};

/** Of what ended without an error of its own, the name that Lambda has for it. */
function errorTypeOf(happened: Happening): string {
  if (happened.type === 'init-error') return happened.error.errorType;
  if (happened.type === 'exit' || happened.type === 'extension-exit') return happened.errorType ?? 'Runtime.ExitError';
  return 'Runtime.ExitError';
}

function runtimeExit(exit: Exit): string {
  return exit.code === 0
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: ${exitWords(exit)}`;
}

/** Lambda hands an answer on as it is; here it is read where it is JSON. */
function parsePayload(body: Buffer): unknown {
  const text = body.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
