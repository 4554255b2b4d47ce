// One process of a function: a child with a process group and a Runtime API of its own. It is frozen from the moment it asks for
// work until it gets some, so that what the handler left unfinished stands still, as on Lambda.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';

import type { Clock } from '../core/clock.ts';
import { killProcess, killStartedWith, signalGroup } from '../core/process-group.ts';
import type { Cgroup } from './cgroups.ts';
import {
  accountId,
  codeFolders,
  functionArn,
  variablesOf,
  type FunctionSettings,
  type SandboxSettings,
} from './function.ts';
import { readUsage, type ProcessUsage } from './process-usage.ts';
import { launchOf } from './launch.ts';
import type { ReadOnlyCode } from './read-only-code.ts';
import { openRuntimeApi, type FunctionError, type RuntimeApi, type RuntimeInvocation } from './runtime-api.ts';
import type { Watchdog } from './watchdog.ts';

/** What a runtime does, in order. `limit` and `aborted` are what happened to the wait instead. */
export type RuntimeEvent =
  | { readonly type: 'next' }
  | { readonly type: 'response'; readonly body: Buffer }
  | { readonly type: 'error'; readonly error: FunctionError }
  | { readonly type: 'init-error'; readonly error: FunctionError }
  /** `killedFor`: the limit of its sandbox that it was ended for. */
  | ({ readonly type: 'exit'; readonly killedFor?: SandboxLimit } & Exit);

export type SandboxLimit = 'memory' | 'processes' | 'storage';

interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface RuntimeProcessOptions {
  readonly settings: FunctionSettings;
  /** `folder` holds all that it may write to. */
  readonly sandbox: Omit<SandboxSettings, 'runtimeApi'> & { readonly folder: string };
  readonly clock: Clock;
  readonly watchdog: Watchdog;
  /** Descriptor of what the child writes to. */
  readonly output: number;
  /** What limits it, where the machine has that. */
  readonly cgroup: Cgroup | undefined;
  /** How its code is kept from it, where the machine can. */
  readonly readOnlyCode: ReadOnlyCode | undefined;
}

/** The exit status of shells for a command that cannot be run. */
const cannotStart = 127;

export class RuntimeProcess {
  readonly #options: RuntimeProcessOptions;
  readonly #events: RuntimeEvent[] = [];
  #wake: (() => void) | undefined;
  #api: RuntimeApi | undefined;
  #child: ChildProcess | undefined;
  #frozen = false;
  #over = false;
  #killedFor: SandboxLimit | undefined;
  /** Of the control group, which outlives processes. */
  #killsBefore = 0;
  #ended: Promise<void> = Promise.resolve();
  #usage: ProcessUsage = { cpuS: 0, rssBytes: 0, processes: 0, rssPeakBytes: 0 };

  constructor(options: RuntimeProcessOptions) {
    this.#options = options;
  }

  /** Starts the child; its init runs from here to its first `next`. */
  async start(): Promise<void> {
    const { settings, sandbox, watchdog, output, cgroup, readOnlyCode } = this.#options;
    const launch = launchOf(settings, cgroup?.folders ?? []);
    const [command, ...words] = readOnlyCode?.wrap(launch.words, codeFolders(settings), sandbox.folder) ?? launch.words;
    this.#killsBefore = cgroup?.outOfMemoryKills() ?? 0;
    this.#api = await this.#openApi(launch.extensions);
    const variables = variablesOf(settings, { ...sandbox, runtimeApi: this.#api.address });
    let child: ChildProcess;
    try {
      child = spawn(command!, words, {
        cwd: settings.taskRoot,
        env: variables,
        // A session and a process group of its own: signals reach whatever it starts.
        detached: true,
        stdio: ['ignore', output, output],
      });
    } catch (error) {
      // Variables that no process can be given, for one: too long, or with a NUL.
      await this.#end({ code: cannotStart, signal: null }, (error as Error).message);
      return;
    }
    this.#child = child;
    if (child.pid !== undefined) watchdog.guard(child.pid);
    this.#ended = this.#follow(child);
  }

  #openApi(expected: readonly string[]): Promise<RuntimeApi> {
    const { functionName, handler } = this.#options.settings;
    const listener = {
      onNext: () => {
        this.#freeze();
        this.#push({ type: 'next' });
      },
      onResponse: (body: Buffer) => this.#push({ type: 'response', body }),
      onError: (error: FunctionError) => this.#push({ type: 'error', error }),
      onInitError: (error: FunctionError) => this.#push({ type: 'init-error', error }),
    };
    const facts = { functionName, functionVersion: '$LATEST', handler, accountId };
    return openRuntimeApi(listener, { facts, expected });
  }

  get isFrozen(): boolean {
    return this.#frozen;
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** What it used so far; `sample` brings it up to date. */
  get usage(): ProcessUsage {
    return this.#usage;
  }

  /** Reads what it uses. `leaderOnly` is the cheap way, for each invocation: 54 us where all threads and descendants take 127. */
  sample(leaderOnly = false): void {
    const pid = this.#child?.pid;
    const now = pid === undefined || this.#over ? undefined : readUsage(pid, leaderOnly);
    if (!now) return;
    this.#usage = {
      ...now,
      cpuS: Math.max(now.cpuS, this.#usage.cpuS),
      rssPeakBytes: Math.max(now.rssPeakBytes, this.#usage.rssPeakBytes),
    };
  }

  /** Thaws it and answers its `next`. */
  deliver(invocation: Omit<RuntimeInvocation, 'functionArn'>): void {
    this.#thaw();
    this.#api?.deliver({ ...invocation, functionArn: functionArn(this.#options.settings) });
  }

  /** What it does next; `limit` after so many ms of machine time, `aborted` at the signal. */
  async happening(limitMs: number, signal: AbortSignal): Promise<RuntimeEvent | { type: 'limit' | 'aborted' }> {
    if (this.#events.length === 0) {
      const waiting = new AbortController();
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      const stop = AbortSignal.any([waiting.signal, signal]);
      const limit = this.#options.clock.machineSleep(limitMs, stop).catch(() => undefined);
      await Promise.race([woken, limit]);
      waiting.abort();
      this.#wake = undefined;
    }
    return this.#events.shift() ?? { type: signal.aborted ? 'aborted' : 'limit' };
  }

  /** Kills the whole group and waits until it is gone. */
  async kill(): Promise<void> {
    this.#sendKill();
    await this.#ended;
  }

  /** Whether it took more memory than its sandbox has: by the kernel's word, else by what was sampled last. */
  isOverMemory(): boolean {
    const { cgroup, settings } = this.#options;
    if (cgroup) return cgroup.outOfMemoryKills() > this.#killsBefore;
    return this.#usage.rssBytes > settings.memoryBytes;
  }

  /** Kills all of it for a limit that it passed. Its exit then says so. */
  killFor(limit: SandboxLimit): void {
    this.#killedFor ??= limit;
    this.#sendKill();
  }

  #sendKill(): void {
    if (this.#over || this.#child?.pid === undefined) return;
    this.sample();
    signalGroup(this.#child.pid, 'SIGKILL');
  }

  #freeze(): void {
    if (this.#child?.pid === undefined) return;
    this.#frozen = signalGroup(this.#child.pid, 'SIGSTOP');
  }

  #thaw(): void {
    if (!this.#frozen || this.#child?.pid === undefined) return;
    this.#frozen = false;
    signalGroup(this.#child.pid, 'SIGCONT');
  }

  #push(event: RuntimeEvent): void {
    this.#events.push(event);
    this.#wake?.();
  }

  async #follow(child: ChildProcess): Promise<void> {
    let exit: Exit;
    try {
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      exit = { code, signal };
    } catch (error) {
      return this.#end({ code: cannotStart, signal: null }, (error as Error).message);
    }
    this.#over = true;
    this.#endLeftovers(child.pid!);
    await this.#end(exit);
  }

  /** Whatever the leader started ends with it, also what has left its group. */
  #endLeftovers(leader: number): void {
    const { cgroup, sandbox, settings, watchdog } = this.#options;
    if (cgroup && cgroup.outOfMemoryKills() > this.#killsBefore) this.#killedFor = 'memory';
    // The last sample was before the end.
    if (this.#killedFor === 'memory') {
      this.#usage = { ...this.#usage, rssPeakBytes: Math.max(this.#usage.rssPeakBytes, settings.memoryBytes) };
    }
    signalGroup(leader, 'SIGKILL');
    if (cgroup) cgroup.processes().forEach(killProcess);
    else killStartedWith(`TMPDIR=${sandbox.tmp}`);
    watchdog.release(leader);
  }

  /** What could not be started has a message of ours for its output. */
  async #end(exit: Exit, message?: string): Promise<void> {
    this.#over = true;
    this.#frozen = false;
    if (message !== undefined) writeSync(this.#options.output, `${message}\n`);
    await this.#api?.[Symbol.asyncDispose]();
    this.#push({ type: 'exit', ...exit, ...(this.#killedFor ? { killedFor: this.#killedFor } : {}) });
  }
}
