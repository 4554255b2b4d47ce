// Any program as the target: a process group of its own that finds its work by itself, started again when it ends too early, asked
// to stop when the run is over so that it can flush.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

import type { Clock } from '../core/clock.ts';
import { FlowrigError, invariant } from '../core/errors.ts';
import type { StoreAddress, Target } from '../core/model/trigger.ts';
import { killStartedWith, signalGroup } from '../core/process-group.ts';
import { readUsage, type ProcessUsage } from '../lambda/process-usage.ts';
import { executables, isExecutable } from '../lambda/runtimes/probe.ts';
import type { Watchdog } from '../lambda/watchdog.ts';
import { awsVariables } from '../lambda/aws-variables.ts';
import { untilReady, type ReadyCheck } from './command-ready.ts';

export interface CommandTargetOptions {
  /** The program and its arguments, filled in. */
  readonly command: readonly string[];
  /** Absolute: what it runs in. */
  readonly cwd: string;
  /** The user's own variables, and those of the run, over ours. */
  readonly env: Readonly<Record<string, string>>;
  readonly ready?: ReadyCheck;
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number };
  /** The run's folder: target.log goes there; HOME and TMPDIR lie below it while it runs. */
  readonly folder: string;
  readonly address: StoreAddress;
  readonly clock: Clock;
  readonly watchdog: Watchdog;
  /** The user's own PATH: where a program without a slash is looked for. */
  readonly searchPath: string;
}

/** As long as services are given: systemd's DefaultTimeoutStartSec is 90 s (systemd-system.conf(5)). */
const readyLimitMs = 90_000;

/** A process that ended by itself is started again after so long, so that one that always ends does not take the machine. */
const restartAfterMs = 1000;

/** How often its CPU time and memory are read: what a process used last before it ended is lost. */
const sampleEveryMs = 250;

/**
 * Starts it and waits until it is ready. Rejects with a FlowrigError where the program is not there, or is not ready in time. What
 * it does wrong later is a matter of the run.
 */
export async function openCommandTarget(options: CommandTargetOptions): Promise<Target> {
  const supervisor = new Supervisor(options);
  try {
    await supervisor.start();
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return {
    kind: 'command',
    drive: 'polling',
    concurrency: 1,
    invoke: () => invariantInvoked(),
    // A program that polls is never frozen; the clock is not jumped beside it either.
    runningCount: () => 0,
    resources: () => supervisor.resources(),
    restarts: () => supervisor.restarts,
    [Symbol.asyncDispose]: () => supervisor.stop(),
  };
}

class Supervisor {
  readonly #options: CommandTargetOptions;
  readonly #home: string;
  readonly #temporary: string;
  readonly #logFile: string;
  readonly #log: number;
  readonly #closing = new AbortController();
  #program = '';
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #watching: Promise<unknown> = Promise.resolve();
  #stopped: Promise<void> | undefined;
  #cpuOfDeadS = 0;
  #usage: ProcessUsage = { cpuS: 0, rssBytes: 0, processes: 0, rssPeakBytes: 0 };
  restarts = 0;

  constructor(options: CommandTargetOptions) {
    this.#options = options;
    this.#home = path.join(options.folder, 'command', 'home');
    this.#temporary = path.join(options.folder, 'command', 'tmp');
    for (const made of [this.#home, this.#temporary]) mkdirSync(made, { recursive: true, mode: 0o700 });
    this.#logFile = path.join(options.folder, 'target.log');
    this.#log = openSync(this.#logFile, 'a', 0o600);
  }

  async start(): Promise<void> {
    const { ready, clock, cwd } = this.#options;
    this.#program = findProgram(this.#options);
    this.#spawn();
    this.#watching = Promise.all([this.#keepAlive(), this.#keepSampling()]);
    if (!ready) return;
    const isAlive = (): boolean => this.restarts === 0 && this.#isAlive();
    const outcome = await untilReady(ready, { clock, cwd, logFile: this.#logFile, limitMs: readyLimitMs, isAlive });
    if (outcome.isReady) return;
    const message = `target.command: ${this.#options.command[0]!} ${outcome.reason} Its last words: ${outcome.lastOutput}`;
    throw new FlowrigError('environment-missing', message);
  }

  /** Asks it to stop, kills what is left after the grace. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  resources(): { cpuS: number; rssPeakBytes: number } {
    this.#sample();
    return { cpuS: this.#cpuOfDeadS + this.#usage.cpuS, rssPeakBytes: this.#usage.rssPeakBytes };
  }

  async #stop(): Promise<void> {
    const { stop, clock, folder } = this.#options;
    this.#closing.abort();
    await this.#watching;
    this.#sample();
    if (this.#isAlive()) {
      signalGroup(this.#child!.pid!, stop.signal);
      const over = new AbortController();
      const grace = clock.machineSleep(stop.graceMs, over.signal).catch(() => undefined);
      const sampling = this.#sampleWhile(over.signal);
      await Promise.race([this.#exited, grace]);
      if (this.#isAlive()) this.#note(`did not stop within ${stop.graceMs} ms of ${stop.signal}: killed`);
      over.abort();
      await sampling;
    }
    this.#killGroup();
    await this.#exited;
    closeSync(this.#log);
    rmSync(path.join(folder, 'command'), { recursive: true, force: true });
  }

  #isAlive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #spawn(): void {
    const { command, cwd, watchdog } = this.#options;
    const child = spawn(this.#program, command.slice(1), {
      cwd,
      env: this.#variables(),
      // A session and a process group of its own: signals reach whatever it starts.
      detached: true,
      stdio: ['ignore', this.#log, this.#log],
    });
    this.#child = child;
    if (child.pid !== undefined) watchdog.guard(child.pid);
    this.#exited = once(child, 'exit').catch((error: unknown) => this.#note(String(error)));
  }

  async #keepAlive(): Promise<void> {
    const { clock } = this.#options;
    const closed = once(this.#closing.signal, 'abort');
    while (!this.#closing.signal.aborted) {
      await Promise.race([this.#exited, closed]);
      if (this.#closing.signal.aborted) return;
      const { exitCode, signalCode } = this.#child!;
      this.#note(`ended by itself (${signalCode ?? `exit code ${exitCode}`}): started again`);
      this.#killGroup();
      this.#cpuOfDeadS += this.#usage.cpuS;
      this.#usage = { ...this.#usage, cpuS: 0 };
      this.restarts++;
      await clock.machineSleep(restartAfterMs, this.#closing.signal).catch(() => undefined);
      if (!this.#closing.signal.aborted) this.#spawn();
    }
  }

  #keepSampling(): Promise<void> {
    return this.#sampleWhile(this.#closing.signal);
  }

  async #sampleWhile(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#sample();
      await this.#options.clock.machineSleep(sampleEveryMs, signal).catch(() => undefined);
    }
  }

  #sample(): void {
    const now = this.#isAlive() ? readUsage(this.#child!.pid!) : undefined;
    if (!now) return;
    this.#usage = {
      ...now,
      cpuS: Math.max(now.cpuS, this.#usage.cpuS),
      rssPeakBytes: Math.max(now.rssPeakBytes, this.#usage.rssPeakBytes),
    };
  }

  /** The group, and what has left it. */
  #killGroup(): void {
    const { pid } = this.#child ?? {};
    if (pid === undefined) return;
    signalGroup(pid, 'SIGKILL');
    killStartedWith(`TMPDIR=${this.#temporary}`);
    this.#options.watchdog.release(pid);
  }

  #note(sentence: string): void {
    writeSync(this.#log, `flowrig: ${this.#options.command[0]!} ${sentence}\n`);
  }

  /** Made, never inherited. */
  #variables(): Record<string, string> {
    const { address, env } = this.#options;
    return {
      PATH: `${path.dirname(this.#program)}:/usr/local/bin:/usr/bin:/bin`,
      LANG: 'en_US.UTF-8',
      TZ: 'UTC',
      HOME: this.#home,
      TMPDIR: this.#temporary,
      AWS_CONFIG_FILE: path.join(this.#home, '.aws', 'config'),
      AWS_SHARED_CREDENTIALS_FILE: path.join(this.#home, '.aws', 'credentials'),
      ...awsVariables(address),
      ...env,
    };
  }
}

function findProgram({ command, searchPath }: CommandTargetOptions): string {
  const name = command[0]!;
  const [found] = name.includes('/') ? [name].filter(isExecutable) : executables([name], searchPath);
  if (found !== undefined) return found;
  const where = name.includes('/') ? 'is no executable file' : 'is not on your PATH';
  throw new FlowrigError('environment-missing', `target.command: "${name}" ${where}. Install it, or name its path.`);
}

function invariantInvoked(): never {
  invariant(false, 'A command finds its work by itself: nobody invokes it.');
  throw new Error('unreachable');
}
