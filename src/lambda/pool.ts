// The sandboxes of one function: as many as it may run at once, started when first needed. An event that finds them all taken
// waits in order for the first that is free.

import { rm } from 'node:fs/promises';

import type { InvocationResult, TargetEvent, TargetResources } from '../core/model/trigger.ts';
import { Sandbox, type SandboxOptions } from './sandbox.ts';

export interface Pool extends AsyncDisposable {
  invoke(event: TargetEvent, signal: AbortSignal): Promise<InvocationResult>;
  /** Sandboxes that start or run an event now; the others are frozen or have no process. */
  runningCount(): number;
  resources(): TargetResources;
}

export interface PoolOptions {
  readonly concurrency: number;
  readonly sandbox: Omit<SandboxOptions, 'folder'>;
  /** Each sandbox has a folder of its own in it. */
  readonly folder: string;
}

/** How often running sandboxes are looked at: 127 us each, so a quarter of a percent of a core for each. */
const watchEveryMs = 50;

export function openPool({ concurrency, sandbox, folder }: PoolOptions): Pool {
  const { clock, random } = sandbox;
  const sandboxes: Sandbox[] = [];
  const idle: Sandbox[] = [];
  const waiting: ((sandbox: Sandbox) => void)[] = [];
  const running = new Map<Sandbox, Promise<InvocationResult>>();
  const closing = new AbortController();

  /** The one that was used last comes first: it is the warmest. */
  function takeFree(): Sandbox | undefined {
    return idle.pop() ?? (sandboxes.length < concurrency ? add() : undefined);
  }

  function add(): Sandbox {
    const label = `sandbox-${sandboxes.length + 1}`;
    const added = new Sandbox({ ...sandbox, random: random.split(label), folder: `${folder}/${label}` });
    sandboxes.push(added);
    return added;
  }

  function giveBack(sandboxFree: Sandbox): void {
    const next = waiting.shift();
    if (next) next(sandboxFree);
    else idle.push(sandboxFree);
  }

  async function watch(): Promise<void> {
    while (!closing.signal.aborted) {
      await clock.machineSleep(watchEveryMs, closing.signal).catch(() => undefined);
      for (const watched of running.keys()) watched.watch();
    }
  }

  const watching = watch();
  return {
    async invoke(event, signal) {
      // Without a wait where one is free: whoever looks sees it running at once.
      const taken = takeFree() ?? (await new Promise<Sandbox>((resolve) => waiting.push(resolve)));
      const either = AbortSignal.any([signal, closing.signal]);
      // Whoever waited until the run was over starts nothing any more.
      const invocation = either.aborted ? interrupted(event, clock.nowMs()) : taken.invoke(event, either);
      running.set(taken, invocation);
      try {
        return await invocation;
      } finally {
        running.delete(taken);
        giveBack(taken);
      }
    },
    runningCount: () => running.size,
    resources() {
      const each = sandboxes.map((one) => one.resources());
      return {
        cpuS: each.reduce((sum, { cpuS }) => sum + cpuS, 0),
        rssPeakBytes: Math.max(0, ...each.map(({ rssPeakBytes }) => rssPeakBytes)),
        gbSeconds: each.reduce((sum, { gbSeconds }) => sum + gbSeconds, 0),
      };
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all([watching, ...running.values()]);
      await Promise.all(sandboxes.map((one) => one[Symbol.asyncDispose]()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function interrupted({ requestId }: TargetEvent, atMs: number): Promise<InvocationResult> {
  const outcome = {
    status: 'failed',
    errorType: 'Interrupted',
    message: `${requestId} The run was interrupted.`,
  } as const;
  return { outcome, startedMs: atMs, endedMs: atMs, cold: false };
}
