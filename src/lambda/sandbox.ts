// A sandbox, Lambda's execution environment: it takes one event at a time, and outlives its process. Where the process was ended by
// a time limit, a crash or its memory, the next event starts another one inside the function's own time limit.

import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import type { Clock } from '../core/clock.ts';
import type { InvocationOutcome } from '../core/model/invocation.ts';
import type { InvocationResult, TargetEvent, TargetResources } from '../core/model/trigger.ts';
import type { RandomSource } from '../core/random.ts';
import { formatInstant } from '../core/units.ts';
import type { FunctionLog } from './function-log.ts';
import type { FunctionSettings } from './function.ts';
import { openOutputFile, type OutputFile } from './output-file.ts';
import { RuntimeProcess, type RuntimeEvent } from './runtime-process.ts';
import { newTraceId, randomHex } from './trace-id.ts';
import type { Watchdog } from './watchdog.ts';

export interface SandboxOptions {
  readonly settings: FunctionSettings;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly watchdog: Watchdog;
  readonly log: FunctionLog;
  /** Its own: home and temporary files lie below, and go with it. */
  readonly folder: string;
}

/** The first init may take this long whatever the function's limit is (Lambda guide, "Understanding the Lambda execution environment lifecycle"). */
const initLimitMs = 10_000;

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
  readonly #own: { readonly home: string; readonly tmp: string; readonly logStream: string };
  readonly #output: OutputFile;
  #process: RuntimeProcess | undefined;
  /** A first init has a time limit of its own. */
  #isNew = true;
  #cpuOfDeadS = 0;
  #rssPeakBytes = 0;

  constructor(options: SandboxOptions) {
    const { clock, random, folder } = options;
    const day = formatInstant(clock.nowMs()).slice(0, 10).replaceAll('-', '/');
    const logStream = `${day}/[$LATEST]${randomHex(random, 32)}`;
    this.#options = options;
    this.#own = { home: path.join(folder, 'home'), tmp: path.join(folder, 'tmp'), logStream };
    for (const made of [this.#own.home, this.#own.tmp]) mkdirSync(made, { recursive: true, mode: 0o700 });
    this.#output = openOutputFile(path.join(folder, 'output'), (chunk) => options.log.write(chunk));
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
    const { sinceMs, initMs, failure } = await this.#begin(requestId, signal);
    const outcome = failure ?? (await this.#run(event, sinceMs + settings.timeoutMs, signal));
    this.#output.drain();
    if (outcome.status !== 'succeeded') log.write(`${outcome.message}\n`);
    this.#process?.sample(true);
    log.end({
      requestId,
      durationMs: clock.machineNowMs() - sinceMs,
      memorySizeMib: Math.floor(settings.memoryBytes / 1024 ** 2),
      memoryUsedBytes: this.#process?.usage.rssPeakBytes ?? 0,
      ...(initMs === undefined ? {} : { initMs }),
    });
    return { outcome, startedMs, endedMs: clock.nowMs(), cold };
  }

  /** Hands output on, and looks at the memory: a process over the cap is killed, as Lambda's is. */
  watch(): void {
    this.#output.drain();
    if (!this.#isAlive() || this.#process!.isFrozen) return;
    this.#process!.sample();
    if (this.#process!.usage.rssBytes > this.#options.settings.memoryBytes) this.#process!.killForMemory();
  }

  /** What all its processes used, the dead ones included. */
  resources(): TargetResources {
    this.#process?.sample();
    const { cpuS, rssPeakBytes } = this.#process?.usage ?? { cpuS: 0, rssPeakBytes: 0 };
    return { cpuS: this.#cpuOfDeadS + cpuS, rssPeakBytes: Math.max(this.#rssPeakBytes, rssPeakBytes) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.kill();
    this.#output.drain();
    this.#output[Symbol.dispose]();
    rmSync(this.#options.folder, { recursive: true, force: true });
  }

  /** As if another sandbox took its place: no process, no temporary files, and a first init before it. */
  async #renew(): Promise<void> {
    await this.#process?.kill();
    rmSync(this.#own.tmp, { recursive: true, force: true });
    mkdirSync(this.#own.tmp, { mode: 0o700 });
    this.#isNew = true;
  }

  #isAlive(): boolean {
    return this.#process !== undefined && !this.#process.isOver;
  }

  /** A first init that failed or took too long is repeated, and counts against the function's own limit then, as on Lambda. */
  async #begin(requestId: string, signal: AbortSignal): Promise<Beginning> {
    const { clock, settings } = this.#options;
    const startedMs = clock.machineNowMs();
    if (this.#isAlive()) return { sinceMs: startedMs };
    if (this.#isNew) {
      this.#isNew = false;
      const happened = await this.#startProcess(initLimitMs, signal);
      const sinceMs = clock.machineNowMs();
      if (happened.type === 'next') return { sinceMs, initMs: sinceMs - startedMs };
    }
    const sinceMs = clock.machineNowMs();
    const happened = await this.#startProcess(settings.timeoutMs, signal);
    return happened.type === 'next' ? { sinceMs } : { sinceMs, failure: this.#failure(requestId, happened) };
  }

  /** Anything but `next` leaves no process. */
  async #startProcess(limitMs: number, signal: AbortSignal): Promise<Happening> {
    if (signal.aborted) return { type: 'aborted' };
    const before = this.resources();
    const { settings, clock, watchdog } = this.#options;
    this.#process = new RuntimeProcess({
      settings,
      sandbox: this.#own,
      clock,
      watchdog,
      output: this.#output.descriptor,
    });
    [this.#cpuOfDeadS, this.#rssPeakBytes] = [before.cpuS, before.rssPeakBytes];
    await this.#process.start();
    const happened = await this.#process.happening(limitMs, signal);
    if (happened.type !== 'next') await this.#process.kill();
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
      const happened = await running.happening(untilMs - clock.machineNowMs(), signal);
      // A fault kills it at its time, and at the latest when it has answered.
      const isKilled = happened.type === 'limit' ? untilMs === killAtMs : happened.type !== 'aborted';
      if (fault?.killAfterMs !== undefined && isKilled) return this.#killByFault(requestId);
      if (happened.type === 'response' || happened.type === 'error') answer = happened;
      else if (happened.type === 'next' && answer) return this.#outcomeOf(requestId, answer);
      else {
        await running.kill();
        // A runtime may tell of an error and end with it, as AWS's client for Go does after a panic.
        return this.#failure(requestId, happened.type === 'exit' && answer?.type === 'error' ? answer : happened);
      }
    }
  }

  async #killByFault(requestId: string): Promise<InvocationOutcome> {
    await this.#process!.kill();
    this.#output.drain();
    const message = `RequestId: ${requestId} Error: ${exitReason({ code: null, signal: 'SIGKILL' })}`;
    const lastOutput = this.#output.tail();
    return { status: 'failed', errorType: 'Runtime.ExitError', message, ...(lastOutput && { lastOutput }) };
  }

  #outcomeOf(requestId: string, answer: Answer): InvocationOutcome {
    if (answer.type === 'error') return this.#failure(requestId, answer);
    return { status: 'succeeded', payload: parsePayload(answer.body) };
  }

  #failure(requestId: string, happened: Happening): InvocationOutcome {
    this.#output.drain();
    const text = this.#output.tail();
    const lastOutput = text === undefined ? {} : { lastOutput: text };
    switch (happened.type) {
      case 'error':
      case 'init-error':
        return { status: 'failed', ...happened.error, ...lastOutput };
      case 'limit': {
        const seconds = (this.#options.settings.timeoutMs / 1000).toFixed(2);
        return { status: 'timed-out', message: `${requestId} Task timed out after ${seconds} seconds`, ...lastOutput };
      }
      case 'exit': {
        const message = `RequestId: ${requestId} Error: ${exitReason(happened)}`;
        if (happened.outOfMemory) return { status: 'out-of-memory', message, ...lastOutput };
        return { status: 'failed', errorType: 'Runtime.ExitError', message, ...lastOutput };
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

/** The words of Go's os/exec, in which Lambda speaks of it (aws/aws-lambda-runtime-interface-emulator, lambda/supervisor). */
function exitReason({ code, signal }: { code: number | null; signal: string | null }): string {
  if (code === 0) return 'Runtime exited without providing a reason';
  const reason = signal === null ? `exit status ${code}` : `signal: ${signalWords[signal] ?? signal}`;
  return `Runtime exited with error: ${reason}`;
}

const signalWords: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

/** Lambda hands an answer on as it is; here it is read where it is JSON. */
function parsePayload(body: Buffer): unknown {
  const text = body.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
