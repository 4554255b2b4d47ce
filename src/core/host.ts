// All that lies outside the process, in one object: tests make their own and run the whole command line in-process.

export interface Host {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly isTerminal: boolean;
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
    write: (stream, text) => void process[stream].write(text),
    onInterrupt(listener) {
      process.on('SIGINT', listener).on('SIGTERM', listener);
      return {
        [Symbol.dispose]: () => void process.off('SIGINT', listener).off('SIGTERM', listener),
      };
    },
  };
}

/** What the process itself used so far: CPU seconds of all threads, peak resident memory. */
export function ownResources(): { cpuS: number; rssPeakBytes: number } {
  const usage = process.resourceUsage();
  return { cpuS: (usage.userCPUTime + usage.systemCPUTime) / 1e6, rssPeakBytes: usage.maxRSS * 1024 };
}
