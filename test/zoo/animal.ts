// What the zoo keeps: a forwarder, the situation that shows what it is, and what must be said of it, to the record.

import { formatCount } from '../../src/core/units.ts';
import type { Handler, Tally } from '../../src/index.ts';

/** Where the bug sits: in how objects are read, events, Lambda's ways, SigNoz's answers, or the values. */
export type Group = 'objects' | 'triggers' | 'lambda' | 'sink' | 'values';

export type ExpectedTally = Partial<Omit<Tally, 'duplicated'>> & { readonly duplicated?: Partial<Tally['duplicated']> };

/** A number, or what the corpus says: its data lines in order, as they stand in the files. */
export type Count = number | ((lines: readonly string[]) => number);

export interface Situation {
  /** Laid over 200 records in four objects, one invocation at a time. */
  readonly scenario?: object;
  /** Replayed in place of the preset: name to bytes. */
  readonly files?: Readonly<Record<string, Buffer>>;
}

/** A forwarder: made anew for each run, or a file below forwarders/, run as Lambda runs it. */
export type Maker = (() => Handler) | { readonly code: string; readonly limits?: object };

export interface Conviction {
  readonly finding: string;
  readonly check: string;
  /** What the finding counts, in the unit of its summary. */
  readonly count: Count;
  /** Tallies that must hold exactly; all that is not named must be zero. */
  readonly tally: (count: number) => ExpectedTally;
}

export interface WrongAnimal extends Situation {
  readonly name: string;
  readonly group: Group;
  /** What is wrong with it, in one sentence. */
  readonly bug: string;
  readonly make: Maker;
  readonly convicted: Conviction;
}

const delivery = 'once-unless-provoked';

function conviction(finding: string, check: string, tally: Conviction['tally']): (count: Count) => Conviction {
  return (count) => ({ finding, check, count, tally });
}

/** The commonest convictions; others are written out. */
export const lost = conviction('lost-records', delivery, (missing) => ({ missing }));
export const lied = conviction('untruthful-acknowledgement', 'truthful-acknowledgement', (missing) => ({ missing }));
export const altered = conviction('altered-records', 'fields-intact', (count) => ({ altered: count }));
export const unexpected = conviction('unexpected-records', delivery, (count) => ({ unexpected: count }));
export const doubled = conviction('doubled-records', delivery, (afterAcknowledgement) => ({
  duplicated: { afterAcknowledgement },
}));
export const deadLettered = conviction('dead-lettered-records', delivery, (count) => ({ deadLettered: count }));

/** One finding about the run that counts no record of the corpus. */
export function found(finding: string, check: string, count: Count, tally: ExpectedTally = {}): Conviction {
  return { finding, check, count, tally: () => tally };
}

export function countOf(count: Count, lines: readonly string[]): number {
  return typeof count === 'number' ? count : count(lines);
}

/** Whether a summary tells this count: nearly all begin with theirs. */
export function tells(summary: string, count: number): boolean {
  return summary.startsWith(`${formatCount(count)} `) || summary.includes(`(${formatCount(count)} times)`);
}
