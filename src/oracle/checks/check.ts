// The shape of a check: a rule that judges a run. A new one is a file here and a line in the list.

import type { RecordView, Delivery } from '../../core/model/delivery.ts';
import type { Finding } from '../../core/model/result.ts';
import type { Evidence } from '../explanation/evidence.ts';

export type Judge = (evidence: Evidence) => readonly Finding[];

/** A record of a request that was decoded, valid only during the call. */
export interface SeenRecord {
  readonly view: RecordView;
  readonly delivery: Delivery;
  /** Its place in the request. */
  readonly index: number;
  /** Whether the sink kept it. */
  readonly kept: boolean;
  /** One of `arrivalKinds`. */
  readonly kind: number;
  /** The value of a field of the flow log, as canonical lines hold it; `-` where the record has none. */
  readonly valueOf: (field: string) => string;
  /** All of them: the canonical line. */
  readonly line: () => string;
  /** Names the record, the same for each copy of it. */
  readonly fingerprint: () => string;
}

/** A data line of the corpus, valid only during the call. */
export interface SeenLine {
  /** The line's number in the file, from 1. */
  readonly line: number;
  readonly object: number;
  /** Whether it arrived, intact or altered, owed or not. */
  readonly hasArrived: boolean;
  /** As the corpus has it, also where the field is left out of identity. */
  readonly valueOf: (field: string) => string;
  readonly text: () => string;
}

/**
 * A judge that looks at records or lines one by one before it judges. That takes a pass of its own over the archive or the corpus,
 * so it is made only where a check asks for it.
 */
export interface ObservingJudge {
  readonly onRecord?: (record: SeenRecord) => void;
  readonly onLine?: (line: SeenLine) => void;
  readonly judge: Judge;
}

export interface Check {
  /** The first words of the expectation. */
  readonly name: string;
  /** How `expect` writes it: the name alone, or a sentence such as `latency p99 < 5s`. */
  readonly form: string;
  /** One sentence, shown by `flowrig list checks`. */
  readonly summary: string;
  /** Reads what follows the name; undefined where it cannot be read. */
  read(rest: string): Judge | ObservingJudge | undefined;
}

/** A check without parameters. */
export function plainCheck(name: string, summary: string, judge: Judge): Check {
  return { name, form: name, summary, read: (rest) => (rest === '' ? judge : undefined) };
}

/** The quantity behind `<`, or undefined. */
export function readLimit<T>(rest: string, parse: (text: string) => T | undefined): T | undefined {
  const match = /^<\s*(\S.*)$/.exec(rest);
  return match ? parse(match[1]!.trim()) : undefined;
}
