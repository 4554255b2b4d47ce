// The table of errors that are the user's or the environment's: code, exit code. A bug of our own is a failed invariant.

/** Exit codes of the command line; several scenarios end with the first of 130, 5, 4, 3, 1, 2, 0 that occurred. */
export const exitCodes = {
  pass: 0,
  fail: 1,
  unknown: 2,
  usage: 3,
  environment: 4,
  bug: 5,
  interrupted: 130,
} as const;

/** Stable codes of user-facing errors and the exit code that each one means. */
export const errorCodes = {
  'bad-usage': exitCodes.usage,
  'bad-scenario': exitCodes.usage,
  'file-missing': exitCodes.usage,
  'folder-not-empty': exitCodes.usage,
  'bad-run-folder': exitCodes.usage,
  'interpreter-missing': exitCodes.environment,
  'environment-missing': exitCodes.environment,
  'cannot-write': exitCodes.environment,
  'port-taken': exitCodes.environment,
  'folder-taken': exitCodes.environment,
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** One mistake in a file: where it stands, what is wrong, and the nearest right word where there is one. */
export interface Problem {
  /** `file:line`, or the name of the option for what came from the command line. */
  readonly place?: string;
  readonly message: string;
}

/** What the user can mend: says what failed, the value, where, and what to do. */
export class FlowrigError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, options: { problems?: readonly Problem[]; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'FlowrigError';
    this.code = code;
    this.problems = options.problems ?? [];
  }

  get exitCode(): number {
    return errorCodes[this.code];
  }
}

/** Our own assumptions, checked where data changes hands. A failure is a bug in the rig: exit code 5. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** The word of `words` nearest to `given` by edit distance, if it is near enough to be meant. */
export function nearestWord(given: string, words: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const word of words) {
    const distance = editDistance(given.toLowerCase(), word.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [word, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
