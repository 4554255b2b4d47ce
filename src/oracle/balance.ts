// What became of every line: the tally, and the balance that must hold for each object. Where it does not, the rig has a bug, and says so
// rather than judge.

import { invariant } from '../core/errors.ts';
import type { Corpus } from '../core/model/corpus.ts';
import type { RunResult, Tally } from '../core/model/result.ts';
import type { Balances, Comparison } from './comparison/comparison.ts';
import type { Timeline } from './comparison/timeline.ts';

/** What is missing of an object whose event was dead-lettered lies there, and is not lost. */
export function settleDeadLetters({ balances }: Comparison, timeline: Timeline): void {
  for (let object = 0; object < balances.missing.length; object++) {
    if (timeline.deadLettered[object] !== 1) continue;
    balances.deadLettered[object] = balances.missing[object]!;
    balances.missing[object] = 0;
  }
}

/** Throws where a line of an object is counted twice or not at all: a bug of the rig, whatever the forwarder did. */
export function requireBalance(balances: Balances, corpus: Corpus): void {
  for (const { index, key } of corpus.objects) {
    const { lines, ...parts } = balances;
    const counts = Object.entries(parts).map(([name, count]) => [name, count[index]!] as const);
    const sum = counts.reduce((total, [, count]) => total + count, 0);
    if (sum === lines[index]) continue;
    const told = counts.map(([name, count]) => `${count} ${name}`).join(' + ');
    invariant(false, `the balance of ${key} does not hold: it has ${lines[index]} lines, but ${told} are ${sum}`);
  }
}

/** What became of lines and objects, beside the tally of records. */
export interface Accounts {
  readonly balance: NonNullable<RunResult['balance']>;
  readonly notOwed: NonNullable<RunResult['notOwed']>;
  readonly objects: RunResult['objects'];
}

export function accountsOf(comparison: Comparison, timeline: Timeline): Accounts {
  return {
    balance: balanceOf(comparison),
    notOwed: notOwedOf(comparison),
    objects: countObjects(comparison, timeline),
  };
}

function balanceOf({ balances }: Comparison): NonNullable<RunResult['balance']> {
  const { lines, header, blank, delivered, altered, missing, deadLettered, notOwed } = balances;
  return {
    lines: sum(lines),
    header: sum(header),
    blank: sum(blank),
    delivered: sum(delivered),
    altered: sum(altered),
    missing: sum(missing),
    deadLettered: sum(deadLettered),
    notOwed: sum(notOwed),
  };
}

/** Of a forwarder that filters: how many lines it rightly left out, and how many it did not. */
function notOwedOf(comparison: Comparison): NonNullable<RunResult['notOwed']> {
  const { balances, unwantedLines, unwanted, optional } = comparison;
  return {
    unwanted: { lines: unwantedLines, arrived: unwanted.count },
    optional: { lines: sum(balances.notOwed) - unwantedLines, arrived: optional.count },
  };
}

export function tallyOf(comparison: Comparison): Tally {
  const { balances, copies, unmatched, unwantedArrivals } = comparison;
  const delivered = sum(balances.delivered);
  const altered = sum(balances.altered);
  const missing = sum(balances.missing);
  const deadLettered = sum(balances.deadLettered);
  return {
    expected: delivered + altered + missing + deadLettered,
    delivered,
    altered,
    missing,
    deadLettered,
    notOwed: sum(balances.notOwed),
    unexpected: unmatched.reduce((total, arrivals) => total + arrivals.count, unwantedArrivals),
    duplicated: { ...copies },
  };
}

/** An object is complete where all that it owes was delivered intact, absent where nothing of it was. */
function countObjects({ balances }: Comparison, timeline: Timeline): RunResult['objects'] {
  let complete = 0;
  let partial = 0;
  let absent = 0;
  const { delivered, altered, missing, deadLettered } = balances;
  for (let object = 0; object < delivered.length; object++) {
    const open = altered[object]! + missing[object]! + deadLettered[object]!;
    if (open === 0) complete += 1;
    else if (delivered[object]! + altered[object]! > 0) partial += 1;
    else absent += 1;
  }
  return { written: timeline.storedCount, complete, partial, absent };
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
