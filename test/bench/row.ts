// One line of the bench's table: what is measured, and beside what, in the same round.

export interface Round {
  readonly ours: number;
  /** The comparison, measured in the same round, in the same unit. */
  readonly baseline: number;
  readonly note?: string;
}

export interface Row {
  readonly name: string;
  /** Unit of both figures; more is better, unless the goal is an upper limit. */
  readonly unit: string;
  /** What `ours` is compared with, in a few words. */
  readonly baseline: string;
  /** What we want to reach: an amount, a ratio to the baseline, or both; or what must not be passed. Nothing where it is only told. */
  readonly goal: { readonly ours?: number; readonly ratio?: number; readonly atMost?: number };
  /** How often it runs, without a first time to warm up: for what takes long and varies little. */
  readonly rounds?: number;
  /** `full` is asked for by `--full`: the sizes of the goals, where they take minutes. A sentence says why it cannot be measured here. */
  readonly run: (size: 'usual' | 'full') => Promise<Round | string>;
}
