// What runs a function in a sandbox, as the sandbox sees it: what the runtime did, in order, and what the sandbox may do to it. How it
// is started, frozen and ended is the matter of who extends it: a process of this machine, or a container.

import type { Clock } from '../core/clock.ts';
import type { Cgroup } from './cgroups.ts';
import type { Exit } from './exit.ts';
import type { ExtensionErrorType, ShutdownReason } from './extension-desk.ts';
import { accountId, functionArn, type FunctionFacts, type SandboxSettings } from './function.ts';
import type { ProcessUsage } from './process-usage.ts';
import { openRuntimeApi, type FunctionError, type RuntimeApi, type RuntimeInvocation } from './runtime-api.ts';

/** What a sandbox has for its runtimes, one after the other. */
export interface RuntimePlace {
  readonly sandbox: SandboxSettings;
  /** Descriptor of what they write to. */
  readonly output: number;
  /** What limits them, where the machine has that. */
  readonly cgroup: Cgroup | undefined;
}

/** What a runtime does, in order. `limit` and `aborted` are what happened to the wait instead. */
export type RuntimeEvent =
  | { readonly type: 'next' }
  | { readonly type: 'response'; readonly body: Buffer }
  | { readonly type: 'error'; readonly error: FunctionError }
  | { readonly type: 'init-error'; readonly error: FunctionError }
  /** `killedFor`: the limit of its sandbox that it was ended for. `errorType`: what an extension in it had told before. */
  | ({ readonly type: 'exit'; readonly killedFor?: SandboxLimit; readonly errorType?: ExtensionErrorType } & Exit)
  /** A program beside it is gone that should have stayed: Lambda gives the sandbox up. */
  | ({ readonly type: 'extension-exit'; readonly errorType: ExtensionErrorType } & Exit);

export type SandboxLimit = 'memory' | 'processes' | 'storage';

/**
 * A sandbox with extensions has 2 s to end: its runtime 300 ms of them after SIGTERM, 500 where an extension is a part of it, the
 * external extensions the rest (Lambda guide, "Understanding the Lambda execution environment lifecycle", shutdown phase;
 * aws-samples/graceful-shutdown-with-aws-lambda).
 */
export const shutdownLimitsMs = { all: 2000, runtime: 300, runtimeWithInternal: 500 };

export abstract class Runtime {
  readonly #clock: Clock;
  readonly #settings: FunctionFacts;
  readonly #events: RuntimeEvent[] = [];
  #wake: (() => void) | undefined;
  protected api: RuntimeApi | undefined;
  protected over = false;
  protected lastUsage: ProcessUsage = { cpuS: 0, rssBytes: 0, processes: 0, rssPeakBytes: 0 };

  constructor(clock: Clock, settings: FunctionFacts) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Starts it; its init runs from here to its first `next`. */
  abstract start(): Promise<void>;

  abstract readonly isFrozen: boolean;

  /** Share of one core from here on, `undefined` for as much as there is. */
  abstract limitCpu(cores: number | undefined): Promise<void>;

  /** Work is about to come. */
  abstract wake(): Promise<void>;

  /** It waits for work, and there is none for now. Resolves when it is frozen and its usage is known. */
  abstract rest(): Promise<void>;

  /** Reads what it uses, where that can be read at once. `leaderOnly` is the cheap way, for each invocation. */
  abstract sample(leaderOnly?: boolean): void;

  /** Whether it took more memory than its sandbox has. */
  abstract isOverMemory(): boolean;

  /** Kills all of it for a limit that it passed. Its exit then says so. */
  abstract killFor(limit: SandboxLimit): void;

  /** Kills all of it and waits until it is gone. */
  abstract kill(): Promise<void>;

  /** Ends it as Lambda does, which leaves extensions the time to clean up; resolves when it is gone. */
  abstract shutDown(reason: ShutdownReason): Promise<void>;

  get isOver(): boolean {
    return this.over;
  }

  /** What it used so far; `sample` and `rest` bring it up to date. */
  get usage(): ProcessUsage {
    return this.lastUsage;
  }

  /** Answers its `next`. */
  deliver(invocation: Omit<RuntimeInvocation, 'functionArn'>): void {
    this.api?.deliver({ ...invocation, functionArn: functionArn(this.#settings) });
  }

  /** What it does next; `limit` after so many ms of machine time, `aborted` at the signal. */
  async happening(limitMs: number, signal: AbortSignal): Promise<RuntimeEvent | { type: 'limit' | 'aborted' }> {
    if (this.#events.length === 0) {
      const waiting = new AbortController();
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      const stop = AbortSignal.any([waiting.signal, signal]);
      const limit = this.#clock.machineSleep(limitMs, stop).catch(() => undefined);
      await Promise.race([woken, limit]);
      waiting.abort();
      this.#wake = undefined;
    }
    return this.#events.shift() ?? { type: signal.aborted ? 'aborted' : 'limit' };
  }

  /** `host`: the address of this machine at which the runtime finds it. */
  protected async openApi(extensions: readonly string[], host?: string): Promise<RuntimeApi> {
    const { functionName, handler } = this.#settings;
    const listener = {
      onNext: () => {
        this.onIdle();
        this.push({ type: 'next' });
      },
      onResponse: (body: Buffer) => this.push({ type: 'response', body }),
      onError: (error: FunctionError) => this.push({ type: 'error', error }),
      onInitError: (error: FunctionError) => this.push({ type: 'init-error', error }),
    };
    const facts = { functionName, functionVersion: '$LATEST', handler, accountId };
    this.api = await openRuntimeApi(listener, { facts, expected: extensions }, host);
    return this.api;
  }

  /** It asks for work, at this very moment. */
  protected onIdle(): void {}

  protected push(event: RuntimeEvent): void {
    this.#events.push(event);
    this.#wake?.();
  }
}
