// One process of a function: a child with a process group and a Runtime API of its own. It is frozen from the moment it asks for
// work until it gets some, so that what the handler left unfinished stands still, as on Lambda.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';

import type { Clock } from '../core/clock.ts';
import { isRunning, killProcess, killStartedWith, signalGroup, signalProcess } from '../core/process-group.ts';
import { cannotStart, exitOfStatus, type Exit } from './exit.ts';
import type { ShutdownReason } from './extension-desk.ts';
import { codeFolders, variablesOf, type FunctionSettings } from './function.ts';
import { launchOf } from './launch.ts';
import { readUsage } from './process-usage.ts';
import type { ReadOnlyCode } from './read-only-code.ts';
import type { RuntimeInvocation } from './runtime-api.ts';
import { Runtime, shutdownLimitsMs, type RuntimePlace, type SandboxLimit } from './runtime.ts';
import type { Watchdog } from './watchdog.ts';

export interface RuntimeProcessOptions {
  readonly settings: FunctionSettings;
  readonly place: RuntimePlace;
  readonly clock: Clock;
  readonly watchdog: Watchdog;
  /** How its code is kept from it, where the machine can. */
  readonly readOnlyCode: ReadOnlyCode | undefined;
}

/** What the kernel needs to let go of so many dead, and more. */
const leftoversLimitMs = 10_000;

/** How often it is looked whether they have ended. */
const lookEveryMs = 5;

export class RuntimeProcess extends Runtime {
  readonly #options: RuntimeProcessOptions;
  #child: ChildProcess | undefined;
  #frozen = false;
  #killedFor: SandboxLimit | undefined;
  /** Of the control group, which outlives processes. */
  #killsBefore = 0;
  #ended: Promise<void> = Promise.resolve();
  #shutdown: { readonly reason: ShutdownReason; readonly deadlineMs: number } | undefined;
  #isKilled = false;

  constructor(options: RuntimeProcessOptions) {
    super(options.clock, options.settings);
    this.#options = options;
  }

  async start(): Promise<void> {
    const { settings, watchdog, readOnlyCode } = this.#options;
    const { sandbox, output, cgroup } = this.#options.place;
    const launch = launchOf(settings, cgroup?.folders ?? [], this.#extensionsFile);
    const [command, ...words] = readOnlyCode?.wrap(launch.words, codeFolders(settings), sandbox.folder) ?? launch.words;
    this.#killsBefore = cgroup?.outOfMemoryKills() ?? 0;
    cgroup?.freeze(false);
    const api = await this.openApi(launch.extensions);
    let child: ChildProcess;
    try {
      child = spawn(command!, words, {
        cwd: settings.taskRoot,
        env: variablesOf(settings, sandbox, api.address),
        // A session and a process group of its own: signals reach whatever it starts.
        detached: true,
        stdio: ['ignore', output, output, ...(launch.extensions.length === 0 ? [] : (['pipe'] as const))],
      });
    } catch (error) {
      // Variables that no process can be given, for one: too long, or with a NUL.
      await this.#neverStarted((error as Error).message);
      return;
    }
    this.#child = child;
    if (child.pid !== undefined) watchdog.guard(child.pid);
    const extensionExits = child.stdio[3] as Readable | undefined;
    extensionExits?.on('data', (lines: Buffer) => this.#extensionEnded(lines.toString().split('\n').map(Number)[0]!));
    this.#ended = this.#follow(child);
  }

  get isFrozen(): boolean {
    return this.#frozen;
  }

  async limitCpu(cores: number | undefined): Promise<void> {
    this.#options.place.cgroup?.limitCpu(cores);
  }

  /** Nothing to do: it is thawed when its work comes. */
  async wake(): Promise<void> {}

  /** Nothing to do: it has been frozen at the moment that it asked for work. */
  async rest(): Promise<void> {}

  /** 54 us for the leader alone, where all threads and descendants take 127. */
  sample(leaderOnly = false): void {
    const pid = this.#child?.pid;
    const now = pid === undefined || this.over ? undefined : readUsage(pid, leaderOnly);
    if (!now) return;
    // Pages that processes share count for each of them; where the kernel holds the limit it never was more.
    const { settings, place } = this.#options;
    const mostBytes = place.cgroup ? settings.memoryBytes : Infinity;
    this.lastUsage = {
      ...now,
      cpuS: Math.max(now.cpuS, this.usage.cpuS),
      rssPeakBytes: Math.min(mostBytes, Math.max(now.rssPeakBytes, this.usage.rssPeakBytes)),
    };
  }

  override deliver(invocation: Omit<RuntimeInvocation, 'functionArn'>): void {
    this.#thaw();
    super.deliver(invocation);
  }

  async kill(): Promise<void> {
    this.#sendKill();
    await this.#ended;
  }

  async shutDown(reason: ShutdownReason): Promise<void> {
    const { internal = 0, external = 0 } = this.api?.extensions.registered() ?? {};
    const pid = this.#child?.pid;
    if (internal + external === 0 || pid === undefined || this.over) return this.kill();
    const { clock } = this.#options;
    const limitMs = internal > 0 ? shutdownLimitsMs.runtimeWithInternal : shutdownLimitsMs.runtime;
    this.#shutdown = { reason, deadlineMs: clock.machineNowMs() + (external > 0 ? shutdownLimitsMs.all : limitMs) };
    this.sample();
    this.#thaw();
    signalProcess(pid, 'SIGTERM');
    const over = new AbortController();
    const limit = clock.machineSleep(limitMs, over.signal).then(
      () => signalProcess(pid, 'SIGKILL'),
      () => undefined,
    );
    await this.#ended;
    over.abort();
    await limit;
  }

  /** By the kernel's word, else by what was sampled last. */
  isOverMemory(): boolean {
    const { settings, place } = this.#options;
    if (place.cgroup) return place.cgroup.outOfMemoryKills() > this.#killsBefore;
    return this.usage.rssBytes > settings.memoryBytes;
  }

  killFor(limit: SandboxLimit): void {
    this.#killedFor ??= limit;
    this.#sendKill();
  }

  protected override onIdle(): void {
    const pid = this.#child?.pid;
    if (pid === undefined || this.#shutdown) return;
    this.#frozen = signalGroup(pid, 'SIGSTOP');
    // Also who has left the group of processes.
    this.#options.place.cgroup?.freeze(true);
  }

  /** Where the process ids of its extensions stand. */
  get #extensionsFile(): string {
    return path.join(this.#options.place.sandbox.folder, 'extensions');
  }

  #sendKill(): void {
    if (this.over || this.#child?.pid === undefined) return;
    this.sample();
    this.#isKilled = true;
    signalGroup(this.#child.pid, 'SIGKILL');
  }

  #thaw(): void {
    if (!this.#frozen || this.#child?.pid === undefined) return;
    this.#frozen = false;
    this.#options.place.cgroup?.freeze(false);
    signalGroup(this.#child.pid, 'SIGCONT');
  }

  /** Whatever its status is: an extension lives as long as its sandbox. */
  #extensionEnded(status: number): void {
    if (this.over || this.#shutdown || this.#isKilled) return;
    if (this.#options.place.cgroup && this.isOverMemory()) return this.killFor('memory');
    const errorType = this.api?.extensions.toldError() ?? 'Extension.Crash';
    this.push({ type: 'extension-exit', errorType, ...exitOfStatus(status) });
  }

  async #follow(child: ChildProcess): Promise<void> {
    let exit: Exit;
    try {
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      exit = { code, signal };
    } catch (error) {
      return this.#neverStarted((error as Error).message);
    }
    const { cgroup } = this.#options.place;
    this.over = true;
    this.#frozen = false;
    if (cgroup && this.isOverMemory()) this.#killedFor = 'memory';
    // The last sample was before the end.
    if (this.#killedFor === 'memory') {
      const rssPeakBytes = Math.max(this.usage.rssPeakBytes, this.#options.settings.memoryBytes);
      this.lastUsage = { ...this.usage, rssPeakBytes };
    }
    const errorType = this.api?.extensions.toldError();
    this.push({
      type: 'exit',
      ...exit,
      ...(this.#killedFor ? { killedFor: this.#killedFor } : {}),
      ...(errorType ? { errorType } : {}),
    });
    if (!this.#isKilled) await this.#endExtensions();
    await this.#endLeftovers(child.pid!);
    await this.api?.[Symbol.asyncDispose]();
  }

  /** Lambda tells those that asked for it, and lets them end by themselves; a runtime that ended by itself is a failure. */
  async #endExtensions(): Promise<void> {
    const { clock } = this.#options;
    const { reason, deadlineMs } = this.#shutdown ?? {
      reason: 'failure' as const,
      deadlineMs: clock.machineNowMs() + shutdownLimitsMs.all,
    };
    if (this.#killedFor !== undefined || this.api?.extensions.shutDown(reason, deadlineMs) !== true) return;
    const extensions = readFileSync(this.#extensionsFile, 'latin1').trim().split('\n').map(Number);
    while (extensions.some(isRunning) && clock.machineNowMs() < deadlineMs) await clock.machineSleep(lookEveryMs);
  }

  /**
   * Whatever the leader started ends with it, also what has left its group. In a control group it is waited for: who comes next would
   * find the memory of the dying taken (seen under cgroup v2, with a thousand of them).
   */
  async #endLeftovers(leader: number): Promise<void> {
    const { place, watchdog, clock } = this.#options;
    signalGroup(leader, 'SIGKILL');
    if (!place.cgroup) killStartedWith(`TMPDIR=${place.sandbox.tmp}`);
    const untilMs = clock.machineNowMs() + leftoversLimitMs;
    for (let left = place.cgroup?.processes() ?? []; left.length > 0; left = place.cgroup!.processes()) {
      left.forEach(killProcess);
      if (clock.machineNowMs() > untilMs) break;
      await clock.machineSleep(lookEveryMs);
    }
    watchdog.release(leader);
  }

  /** It has a message of ours for its output. */
  async #neverStarted(message: string): Promise<void> {
    this.over = true;
    writeSync(this.#options.place.output, `${message}\n`);
    await this.api?.[Symbol.asyncDispose]();
    this.push({ type: 'exit', code: cannotStart, signal: null });
  }
}
