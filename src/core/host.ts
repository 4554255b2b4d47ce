// All that lies outside the process, in one object: tests make their own and run the whole command line in-process.

export interface Host {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether stderr is a terminal: a status line can be repainted there. */
  readonly isTerminal: boolean;
  /** The running Node: its binary, and its version without the `v`. */
  readonly nodePath: string;
  readonly nodeVersion: string;
  write(stream: 'stdout' | 'stderr', text: string | Uint8Array): void;
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
    nodePath: process.execPath,
    nodeVersion: process.versions.node,
    write: (stream, text) => void process[stream].write(text),
    onInterrupt(listener) {
      process.on('SIGINT', listener).on('SIGTERM', listener);
      return {
        [Symbol.dispose]: () => void process.off('SIGINT', listener).off('SIGTERM', listener),
      };
    },
  };
}

/** Ends the process at once: for the second Ctrl-C, and after everything is closed and told. */
export function exitProcess(code: number): never {
  process.exit(code);
}

/** What the process itself used so far: CPU seconds of all threads, peak resident memory. */
export function ownResources(): { cpuS: number; rssPeakBytes: number } {
  const usage = process.resourceUsage();
  return { cpuS: (usage.userCPUTime + usage.systemCPUTime) / 1e6, rssPeakBytes: usage.maxRSS * 1024 };
}
