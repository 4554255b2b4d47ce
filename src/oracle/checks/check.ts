// The shape of a check: a rule that judges a run. A new one is a file here and a line in the list.

import type { Finding } from '../../core/model/result.ts';
import type { Evidence } from '../evidence.ts';

export type Judge = (evidence: Evidence) => readonly Finding[];

export interface Check {
  /** The first word of the expectation. */
  readonly name: string;
  /** How `expect` writes it: the name alone, or a sentence such as `latency p99 < 5s`. */
  readonly form: string;
  /** One sentence, shown by `flowrig list checks`. */
  readonly summary: string;
  /** Reads what follows the name; undefined where it cannot be read. */
  read(rest: string): Judge | undefined;
}

/** A check without parameters. */
export function plainCheck(name: string, summary: string, judge: Judge): Check {
  return { name, form: name, summary, read: (rest) => (rest === '' ? judge : undefined) };
}
