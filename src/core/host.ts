// All that lies outside the process, in one object: tests make their own and run the whole command line in-process.

import { readFileSync } from 'node:fs';

export interface Host {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether stderr is a terminal: a status line can be repainted there. */
  readonly isTerminal: boolean;
  /** Whether stdout is one: colours are welcome there. */
  readonly isOutputTerminal: boolean;
  /** The running Node: its binary, and its version without the `v`. */
  readonly nodePath: string;
  readonly nodeVersion: string;
  write(stream: 'stdout' | 'stderr', text: string | Uint8Array): void;
  /** Resolves when stdout has taken the bytes, so that a slow reader slows the writer down; rejects when it is closed. */
  writeOut(bytes: Uint8Array): Promise<void>;
  /** Calls the listener at Ctrl-C or SIGTERM until disposed. */
  onInterrupt(listener: () => void): Disposable;
}

/** The real one; only the command line makes it. */
export function processHost(): Host {
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    isTerminal: process.stderr.isTTY,
    isOutputTerminal: process.stdout.isTTY,
    nodePath: process.execPath,
    nodeVersion: process.versions.node,
    write: (stream, text) => void process[stream].write(text),
    writeOut: (bytes) =>
      new Promise((resolve, reject) => {
        // Told here and nowhere else: without a listener the event would end the process.
        if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', () => undefined);
        process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    onInterrupt(listener) {
      // A terminal and a launcher may both pass one Ctrl-C on: what follows within half a second is the same one.
      let lastMs = -Infinity;
      const once = (): void => {
        const nowMs = performance.now();
        if (nowMs - lastMs > 500) listener();
        lastMs = nowMs;
      };
      process.on('SIGINT', once).on('SIGTERM', once);
      return {
        [Symbol.dispose]: () => void process.off('SIGINT', once).off('SIGTERM', once),
      };
    },
  };
}

/** Ends this process when the launcher that started it (see cli/flowrig.js) is gone: nobody is left to stop it. */
export function followLauncher(): void {
  if (process.env['FLOWRIG_LAUNCHED'] !== '1' || !process.channel) return;
  delete process.env['FLOWRIG_LAUNCHED'];
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel.unref();
}

/** Ends the process at once: for the second Ctrl-C, and after everything is closed and told. */
export function exitProcess(code: number): never {
  process.exit(code);
}

/** What the process itself used so far: CPU seconds of all threads, peak resident memory. */
export function ownResources(): { cpuS: number; rssPeakBytes: number } {
  const usage = process.resourceUsage();
  return {
    cpuS: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
    rssPeakBytes: (highWaterKib() ?? usage.maxRSS) * 1024,
  };
}

/** Memory of the process that is resident now. */
export function residentBytes(): number {
  return process.memoryUsage.rss();
}

/** Linux counts what the parent held before exec into maxRSS; the high-water mark of the address space starts anew (proc(5)). */
function highWaterKib(): number | undefined {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return match ? Number(match[1]) : undefined;
  } catch {
    return undefined;
  }
}
