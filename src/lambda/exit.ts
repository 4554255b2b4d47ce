// How a process ended, in the words of Go's os/exec, in which Lambda speaks of it (aws/aws-lambda-runtime-interface-emulator,
// lambda/supervisor/model).

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The exit status of shells for a command that cannot be run. */
export const cannotStart = 127;

/** Shells, and Docker as well, tell of a signal by a status above this one: 137 is SIGKILL. */
const signalBase = 128;

const signals: Readonly<Record<string, { readonly number: number; readonly words: string }>> = {
  SIGABRT: { number: 6, words: 'aborted' },
  SIGBUS: { number: 7, words: 'bus error' },
  SIGILL: { number: 4, words: 'illegal instruction' },
  SIGINT: { number: 2, words: 'interrupt' },
  SIGKILL: { number: 9, words: 'killed' },
  SIGSEGV: { number: 11, words: 'segmentation fault' },
  SIGTERM: { number: 15, words: 'terminated' },
  SIGTRAP: { number: 5, words: 'trace/breakpoint trap' },
};

/** `exit status 3`, `signal: killed`. */
export function exitWords({ code, signal }: Exit): string {
  return signal === null ? `exit status ${code}` : `signal: ${signals[signal]?.words ?? signal}`;
}

/** The exit that a shell's or Docker's status stands for. */
export function exitOfStatus(status: number): Exit {
  const [signal] = Object.entries(signals).find(([, { number }]) => number === status - signalBase) ?? [];
  return signal === undefined ? { code: status, signal: null } : { code: null, signal };
}
